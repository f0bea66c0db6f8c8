"""The canonical zip of an export: the same content always gives the same bytes. Pure.

Names are sorted, times are fixed, everything is stored uncompressed, and nothing stands between or behind the members;
so a reader can build the file again from its content and find every byte that differs.
"""

import io
import zipfile
from collections.abc import Mapping

from govern.kernel.errors import InputError

FIXED_TIME = (1980, 1, 1, 0, 0, 0)
REGULAR_FILE = 0o100644 << 16
LARGEST = 512 * 1024 * 1024


def pack(files: Mapping[str, bytes]) -> bytes:
    """The archive holding ``files`` (name -> content)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            member = zipfile.ZipInfo(name, FIXED_TIME)
            member.external_attr = REGULAR_FILE
            member.create_system = 3
            archive.writestr(member, files[name])
    return buffer.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """The files of an archive ``pack`` made; InputError naming the file where a byte differs from that."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > LARGEST:
                raise InputError("The bundle is larger than 512 MiB; this is not an export of Govern.")
            files = {member.filename: _content(archive, member) for member in members}
            starts = [(member.header_offset, member.filename) for member in members]
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, RuntimeError) as error:
        raise InputError(f"The bundle is damaged or no export of Govern: {error}.") from None
    _check_bytes(data, pack(files), starts)
    return files


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    try:
        return archive.read(member)
    except zipfile.BadZipFile:
        raise InputError(f"{member.filename}: its content was altered (checksum).") from None


def _check_bytes(data: bytes, canonical: bytes, starts: list[tuple[int, str]]) -> None:
    if data == canonical:
        return
    shorter = min(len(data), len(canonical))
    place = next((at for at in range(shorter) if data[at] != canonical[at]), shorter)
    before = [name for start, name in sorted(starts) if start <= place]
    name = before[-1] if before and place < _directory_of(canonical) else "the archive's directory"
    raise InputError(f"{name}: byte {place} of the bundle was altered; it is not the canonical archive of its content.")


def _directory_of(canonical: bytes) -> int:
    return canonical.find(b"PK\x01\x02")
