"""The zip of a backup: a manifest with the size and hash of every file, and nothing that the manifest does not name."""

import hashlib
import json
import os
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import IO, Any

from govern.kernel import clock
from govern.kernel.canonical import instant_text
from govern.kernel.errors import InputError

FORMAT = "govern-backup/1"
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 50_000_000
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. ``files``: name -> {"bytes", "sha256"}; ``database``: the name of the database's copy."""

    made_at: str
    engine: str
    revision: str
    database: str
    keys_elsewhere: Sequence[str] = ()
    files: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    format: str = FORMAT

    @classmethod
    def now(cls, *, engine: str, revision: str, database: str, keys_elsewhere: Sequence[str]) -> "Manifest":
        """A manifest of this instant, still without files."""
        return cls(instant_text(clock.now()), engine, revision, database, list(keys_elsewhere))

    @staticmethod
    def stamp() -> str:
        """This instant, as part of a file name."""
        return f"{clock.now():%Y%m%dT%H%M%SZ}"


def write_archive(target: Path, manifest: Manifest, files: Mapping[str, Path]) -> str:
    """Write ``files`` and their manifest to ``target``, readable by the owner alone; returns the SHA-256 of the zip.

    The file appears when it is complete and on disk, and then replaces an older one of that name.
    """
    target.absolute().parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.unfinished")
    handle = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "w+b") as out:
            seen: dict[str, Mapping[str, Any]] = {}
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, path in files.items():
                    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as entry:
                        seen[name] = _copy(source, entry)
                text = json.dumps(asdict(replace(manifest, files=seen)), indent=2, sort_keys=True)
                archive.writestr(MANIFEST, text)
            out.flush()
            os.fsync(out.fileno())
            out.seek(0)
            digest = hashlib.file_digest(out, "sha256").hexdigest()
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return digest


def read_archive(file: Path, folder: Path) -> Manifest:
    """Unpack a backup into ``folder``, private to the owner; InputError naming every file that is not as made."""
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _manifest(archive, file)
            faults = [*_wrong_names(archive, manifest), *_unpack(archive, manifest, folder)]
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError) as error:
        raise InputError(f"{file} is not a complete backup: {error}") from None
    if faults:
        raise InputError([f"{file}: {fault}" for fault in faults])
    return manifest


def _manifest(archive: zipfile.ZipFile, file: Path) -> Manifest:
    try:
        info = archive.getinfo(MANIFEST)
        given = json.loads(archive.read(info)) if info.file_size <= LARGEST_MANIFEST else {}
        manifest = Manifest(**given)
        usable = manifest.format == FORMAT and manifest.database in manifest.files
    except (KeyError, ValueError, TypeError, AttributeError):
        usable = False
    if not usable:
        raise InputError(f"{file} is not a backup of Govern: it has no manifest of the format {FORMAT}.")
    return manifest


def _wrong_names(archive: zipfile.ZipFile, manifest: Manifest) -> list[str]:
    there = [info.filename for info in archive.infolist() if info.filename != MANIFEST]
    faults = [f"{name} is not in the manifest." for name in there if name not in manifest.files]
    faults += [f"{name} is there twice." for name in sorted({name for name in there if there.count(name) > 1})]
    faults += [f"{name} is missing." for name in manifest.files if name not in there]
    return faults + [f"{name} is no name for a file in a backup." for name in manifest.files if not _is_plain(name)]


def _is_plain(name: str) -> bool:
    """Names must stay below the folder they are unpacked into."""
    parts = PurePosixPath(name).parts
    return bool(parts) and ".." not in parts and not name.startswith("/") and "\\" not in name and "\0" not in name


def _unpack(archive: zipfile.ZipFile, manifest: Manifest, folder: Path) -> list[str]:
    faults = []
    there = set(archive.namelist())
    for name, wanted in manifest.files.items():
        if name not in there or not _is_plain(name):
            continue
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with archive.open(name) as source, os.fdopen(handle, "wb") as out:
                same = _copy(source, out) == dict(wanted)
        except zipfile.BadZipFile:
            same = False
        if not same:
            faults.append(f"{name} was changed or damaged: its hash is not the one in the manifest.")
    return faults


def _copy(source: IO[bytes], out: IO[bytes]) -> dict[str, Any]:
    """Copy all bytes; returns their number and SHA-256."""
    digest, count = hashlib.sha256(), 0
    while piece := source.read(_PIECE):
        digest.update(piece)
        count += len(piece)
        out.write(piece)
    return {"bytes": count, "sha256": digest.hexdigest()}
