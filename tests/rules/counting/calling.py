"""Calls the command as outsiders do, on files written for the test."""

import json
from pathlib import Path
from typing import Any

from govern.counting.command import run


def write(folder: Path, content: Any, name: str = "vote.json") -> str:
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(path)


def counted(path: str, method: str, **options: Any) -> dict[str, Any]:
    status, out, err = run(path, method, as_json=True, **options)
    assert (status, err) == (0, "")
    return json.loads(out)


def refused(path: str, method: str) -> str:
    """Assert that the file is refused as the public interface says, and return the faults told."""
    status, out, err = run(path, method, as_json=True)
    assert (status, out) == (1, ""), (status, out, err)
    lines = err.splitlines()
    assert lines
    assert all(line.startswith(path) and line.isprintable() for line in lines), err
    return err
