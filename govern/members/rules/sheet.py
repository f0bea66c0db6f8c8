"""Read a table out of a CSV or XLSX file as people send them. Pure: bytes in, cells out."""

import csv
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from govern.kernel.errors import InputError

MOST_ROWS = 50_000
LARGEST_UNPACKED = 64 * 1024 * 1024
"""Bytes of XML in a spreadsheet: 50,000 rows of members need a third of it, a file made to fill the memory far more."""
DELIMITERS = (",", ";", "\t", "|")
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
Cell = str | date


@dataclass(frozen=True, slots=True)
class Sheet:
    """``rows``: (number of the row in the file, its cells); the heading row is not among them."""

    headers: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]


def read_sheet(content: bytes) -> Sheet:
    """The first table of a CSV or XLSX file; InputError when it is neither, empty, or too long."""
    if content.startswith(ZIP):
        return _with_headers(_xlsx_rows(content))
    if content.startswith(OLD_EXCEL):
        raise InputError("This is an old Excel file (.xls). Save it as .xlsx or .csv and try again.")
    return _with_headers(_csv_rows(decode(content)))


def decode(content: bytes) -> str:
    """Text of a CSV file: UTF-8 with or without mark, UTF-16 with mark, otherwise Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise InputError("The file is neither a CSV nor an XLSX file. Save it as CSV in UTF-8 and try again.")


def delimiter_of(text: str) -> str:
    """The delimiter that cuts the first line into most parts; a comma when there is only one column."""
    line = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=lambda mark: len(next(csv.reader([line], delimiter=mark), [])))


def _csv_rows(text: str) -> list[tuple[Cell, ...]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    rows: list[tuple[Cell, ...]] = []
    try:
        for row in reader:
            rows.append(tuple(_clean(cell) for cell in row))
            _check_length(rows)
    except csv.Error as error:
        raise InputError(f"line {reader.line_num}: {error}. Check the quotes in this line.") from None
    return rows


def _xlsx_rows(content: bytes) -> list[tuple[Cell, ...]]:
    import zlib  # noqa: PLC0415 - only for spreadsheets
    from xml.etree.ElementTree import ParseError  # noqa: PLC0415 - as above
    from zipfile import BadZipFile  # noqa: PLC0415 - as above

    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415 - heavy, and most files are CSV

    try:
        return _book_rows(content)
    except (BadZipFile, InvalidFileException, ParseError, zlib.error, EOFError, KeyError, ValueError, OSError):
        raise InputError("The file is not a readable XLSX file. Save it again, or save it as CSV.") from None


def _book_rows(content: bytes) -> list[tuple[Cell, ...]]:
    from zipfile import ZipFile  # noqa: PLC0415 - only for spreadsheets

    from openpyxl import load_workbook  # noqa: PLC0415 - heavy, and most files are CSV

    with ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
            raise InputError("The spreadsheet is too large when unpacked. Save it as CSV, or cut it in several files.")
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    rows: list[tuple[Cell, ...]] = []
    if book.worksheets:
        for row in book.worksheets[0].iter_rows(values_only=True):
            rows.append(tuple(_cell(value) for value in row))
            _check_length(rows)
    book.close()
    return rows


def _check_length(rows: Sequence[object]) -> None:
    if len(rows) > MOST_ROWS:
        raise InputError(f"The file has more than {MOST_ROWS:,} rows. Cut it into several files.")


def _cell(value: object) -> Cell:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _clean(str(value))


def _clean(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _with_headers(rows: Sequence[tuple[Cell, ...]]) -> Sheet:
    filled = [(number, row) for number, row in enumerate(rows, 1) if any(cell != "" for cell in row)]
    if not filled:
        raise InputError("The file is empty.")
    headers = tuple(str(cell) for cell in filled[0][1])
    width = len(headers)
    too_wide = [number for number, row in filled[1:] if any(cell != "" for cell in row[width:])]
    if too_wide:
        raise InputError(
            f"row {too_wide[0]} has more cells than the first row has headings. Give each column a heading."
        )
    return Sheet(headers, tuple((number, (row + ("",) * width)[:width]) for number, row in filled[1:]))
