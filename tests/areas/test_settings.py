"""Settings: production never runs on a demonstration's secrets, and a key is never empty or open to others."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from govern import config
from govern.cli import serving
from govern.config import SettingsError

ROOT = Path(__file__).parents[2]
SECRET = "s" * 40


def start(tmp_path, **given):
    """What a production server does first: import wsgi."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GOVERN_")}
    env = kept | {"GOVERN_INSTANCE": str(tmp_path)} | given
    command = [sys.executable, "-c", "import wsgi"]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "GOVERN_SECRET_KEY must hold"),
        ({"GOVERN_SECRET_KEY": "short"}, "GOVERN_SECRET_KEY must hold"),
        ({"GOVERN_MODE": "demo"}, "only production is served"),
        ({"GOVERN_MODE": "test", "GOVERN_SECRET_KEY": SECRET}, "only production is served"),
    ],
)
def test_production_does_not_start(tmp_path, given, told):
    done = start(tmp_path, **given)
    assert done.returncode == 1
    assert told in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_production_does_not_start_in_a_demonstrations_folder(tmp_path):
    (tmp_path / "demo.key").write_text("x")
    assert "must not be a demo's" in start(tmp_path, GOVERN_SECRET_KEY=SECRET).stderr


def test_production_starts_with_a_secret_of_its_own(tmp_path):
    done = start(tmp_path, GOVERN_SECRET_KEY=SECRET)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_no_production_is_not_served(lite_app):
    with pytest.raises(SettingsError, match="only production is served"):
        serving.serve_production(lite_app, "127.0.0.1", 0)


def test_a_key_is_private_and_stays(tmp_path):
    path = tmp_path / "keys" / "audit.key"
    assert config.private_file(path, "first") == config.private_file(path, "second") == "first"
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    with pytest.raises(SettingsError, match="chmod 600"):
        config.private_file(path, "third")


def test_a_key_another_process_is_still_writing_is_waited_for(tmp_path):
    path = tmp_path / "audit.key"
    path.touch(mode=0o600)
    writer = threading.Thread(target=lambda: (time.sleep(0.1), path.write_text("theirs")))
    writer.start()
    assert config.private_file(path, "mine") == "theirs"
    writer.join()


def test_an_empty_key_is_no_key(tmp_path, monkeypatch):
    monkeypatch.setattr(config, "WRITING_PAUSE", 0)
    path = tmp_path / "audit.key"
    path.touch(mode=0o600)
    with pytest.raises(SettingsError, match="is empty"):
        config.private_file(path, "mine")
