"""Files that are broken, or made to do harm, are refused in a sentence and at once."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from govern.kernel.errors import InputError
from govern.members.rules.sheet import LARGEST_UNPACKED, read_sheet

SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"


def spreadsheet(change=lambda _name, part: part):
    """A spreadsheet of one member, each of its parts changed by ``change``."""
    book, plain, out = Workbook(), io.BytesIO(), io.BytesIO()
    book.active.append(["code", "name"])
    book.active.append(["M01", "Sorriso Dental Centre"])
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
    return out.getvalue()


def test_a_sound_spreadsheet_is_read():
    sheet = read_sheet(spreadsheet())
    assert (sheet.headers, sheet.rows) == (("code", "name"), ((2, ("M01", "Sorriso Dental Centre")),))


@pytest.mark.parametrize("part", [SHEET, BOOK])
def test_a_spreadsheet_with_half_a_part_is_refused(part):
    with pytest.raises(InputError, match="not a readable XLSX"):
        read_sheet(spreadsheet(lambda name, text: text[: len(text) // 2] if name == part else text))


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused_before_it_is_read():
    row = b"<row>" + b" " * LARGEST_UNPACKED + b"</row></sheetData>"
    bomb = spreadsheet(lambda name, text: text.replace(b"</sheetData>", row) if name == SHEET else text)
    assert len(bomb) < 100_000
    with pytest.raises(InputError, match="too large when unpacked"):
        read_sheet(bomb)


def test_utf_16_with_half_a_character_is_read_as_far_as_it_goes():
    assert read_sheet("code;name\nM01;Sorriso".encode("utf-16") + b"\x00").headers == ("code", "name")
