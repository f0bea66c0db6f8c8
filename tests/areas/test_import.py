"""Importing members: recognised, checked, written as a whole, undone as a whole; the command and the pages."""

import io
import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook
from sqlalchemy import func, select

from govern import config
from govern.cli.importing import import_group
from govern.cluster.queries import get_cluster
from govern.extensions import db
from govern.kernel.actor import SYSTEM, Role
from govern.kernel.errors import InputError, RuleBrokenError
from govern.members.actions import add_category, add_member, appoint_representative, change_member
from govern.members.actions.importing import apply_import, undo_import, upload_import
from govern.members.models import Category, ImportRun, Member, UnitReport
from govern.members.queries import last_run, plan_of
from tests import factories

TODAY = date(2026, 11, 20)
REAL = Path(config.MIGRATIONS).parent.parent / "shared" / "data" / "members"
SMALL = (
    "Website,Tier,Since,Organisation,Remark\n"
    'https://a.example.org,Gold,2019-03-01,"Ärzte, Kliniken & Co",x\n'
    ",Silver,,Beta Hospital,\n"
    "https://c.example.org,Silver,05.11.2020,Gamma Spa,y\n"
)


@pytest.fixture
def cluster(app, at_d):
    return factories.cluster()


def put(content, given=None, *, skip_refused=False):
    content = content.encode() if isinstance(content, str) else content
    run = upload_import(SYSTEM, file_name="members.csv", content=content, given=given or {}, year=2026)
    return run, apply_import(SYSTEM, run, today=TODAY, skip_refused=skip_refused)


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def xlsx(rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_small_file_is_read_whatever_the_order_of_its_columns(cluster):
    run, plan = put(SMALL)
    assert plan.report() == {
        "created": 3,
        "changed": 0,
        "unchanged": 0,
        "refused": [],
        "new_categories": ["Gold", "Silver"],
        "ignored_columns": ["Remark"],
    }
    first = db.session.scalar(select(Member).where(Member.name == "Ärzte, Kliniken & Co"))
    assert (first.code, first.website, first.joined_on) == ("M001", "https://a.example.org", date(2019, 3, 1))
    assert db.session.scalar(select(Member.joined_on).where(Member.name == "Gamma Spa")) == date(2020, 11, 5)
    assert db.session.scalars(select(Category.college_id)).all() == [None, None]
    assert (run.created, run.content) == (3, None)


def test_a_second_run_changes_nothing(cluster):
    put(SMALL)
    _run, plan = put(SMALL)
    assert (len(plan.created), len(plan.changed), plan.unchanged) == (0, 0, 3)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters(cluster, encoding, delimiter):
    text = delimiter.join(("name", "type")) + "\r\n" + delimiter.join(("Clínica São João", "Ärzte")) + "\r\n"
    put(text.encode(encoding))
    assert db.session.scalar(select(Member.name)) == "Clínica São João"
    assert db.session.scalar(select(Category.name)) == "Ärzte"


def test_a_spreadsheet_is_read_with_its_days_and_numbers(cluster):
    content = xlsx(
        [
            ["Company name", "Category", "Join date", "Beds", "Public body"],
            ["Port Aurel General", "Hospitals", date(2019, 3, 1), 420, True],
            [None, None, None, None, None],
            ["Villa Quieta", "Recovery", None, 38.0, False],
        ]
    )
    _run, plan = put(content)
    assert [change.row for change in plan.created] == [2, 4]
    member = db.session.scalar(select(Member).where(Member.name == "Port Aurel General"))
    assert (member.joined_on, member.public_body) == (date(2019, 3, 1), True)
    assert db.session.scalars(select(UnitReport.units).order_by(UnitReport.units)).all() == [38, 420]
    assert db.session.scalars(select(UnitReport.year)).all() == [2026, 2026]


def test_each_fault_is_named_and_nothing_is_written(cluster):
    text = (
        "name,tier,joined,public body\n"
        "Alpha,Gold,2019-13-01,\n"
        "Beta,,2019-01-01,\n"
        ",Gold,,\n"
        "Gamma,Gold,03/04/2020,\n"
        "Delta,Gold,,perhaps\n"
        "Epsilon,Gold,13/04/2020,yes\n"
        "EPSILON ,Gold,,\n"
    )
    with pytest.raises(InputError) as refused:
        put(text)
    assert refused.value.faults == [
        "row 2, joined_on: '2019-13-01' is not a day. Write it as 2026-05-31.",
        "row 3, category: a new member needs a category",
        "row 4, name: no name",
        "row 5, joined_on: '03/04/2020' can mean two days. Write it as 2026-05-31.",
        "row 6, public_body: 'perhaps' is neither yes nor no",
        "row 8, name: 'EPSILON' stands in row 7 already",
    ]
    db.session.rollback()
    assert count(Member) == 0
    factories.cluster()
    _run, plan = put(text, skip_refused=True)
    assert (len(plan.created), len(plan.refused)) == (1, 6)
    assert db.session.scalar(select(Member.joined_on)) == date(2020, 4, 13)


def test_files_that_cannot_be_read_are_refused_whole(cluster):
    for content, why in (
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel"),
        (b"PK\x03\x04rest", "not a readable XLSX"),
        (b"a\x00b,c\n", "neither a CSV nor an XLSX"),
        (b"town,web\nx,y\n", "No column holds the name"),
        (b"name,organisation\nx,y\n", "both mean name"),
        (b'name,tier\n"open,x\n', "line"),
        (b"name,tier\na,b,c\n", "more cells than the first row"),
    ):
        with pytest.raises(InputError, match=why):
            plan_of(content, {}, year=2026)


def test_a_map_names_columns_either_way(cluster):
    text = "Trading as,Band\nAlpha,Gold\n"
    for given in ({"name": "Trading as", "category": "Band"}, {"Trading as": "name", "Band": "category"}):
        assert len(plan_of(text.encode(), given, year=2026).created) == 1
    with pytest.raises(InputError, match="does not have"):
        plan_of(text.encode(), {"name": "Company"}, year=2026)
    with pytest.raises(InputError, match="fields are"):
        plan_of(text.encode(), {"colour": "Band"}, year=2026)


def test_a_member_is_found_by_code_or_name_and_empty_cells_change_nothing(cluster):
    category = add_category(SYSTEM, code="HOS", name="Hospitals")
    add_member(SYSTEM, code="M07", name="Harbour Smiles", category=category, joined_on=TODAY, website="https://old")
    _run, plan = put("code,name,tier,website\nM07,Harbour Smiles Dental,hospitals,\n,New Clinic,HOS,\n")
    assert [change.values for change in plan.changed] == [{"name": "Harbour Smiles Dental"}]
    assert [change.code for change in plan.created] == ["M08"]
    member = db.session.scalar(select(Member).where(Member.code == "M07"))
    assert (member.name, member.website) == ("Harbour Smiles Dental", "https://old")
    refused = plan_of(b"code,name,tier\nM99,harbour smiles DENTAL,HOS\n", {}, year=2026).refused
    assert refused[0].why == "'harbour smiles DENTAL' is in the register as M07"


def test_an_import_is_undone_as_a_whole(cluster):
    category = add_category(SYSTEM, code="GOLD", name="Gold")
    add_member(SYSTEM, code="M01", name="Beta Hospital", category=category, joined_on=TODAY)
    run, plan = put(SMALL.replace("\n", ",beds\n", 1).replace(",Silver,,Beta Hospital,", ",Silver,,Beta Hospital,,12"))
    assert (len(plan.created), len(plan.changed)) == (2, 1)
    assert last_run().id == run.id
    undo_import(SYSTEM, run)
    assert [(m.code, m.name, m.category_id) for m in db.session.scalars(select(Member))] == [
        ("M01", "Beta Hospital", category.id)
    ]
    assert db.session.scalars(select(Category.code)).all() == ["GOLD"]
    assert count(UnitReport) == 0
    with pytest.raises(RuleBrokenError, match="undone already"):
        undo_import(SYSTEM, run)
    with pytest.raises(RuleBrokenError, match="no import"):
        last_run()


def test_what_builds_on_an_import_keeps_it(cluster):
    run, _plan = put(SMALL)
    member = db.session.scalar(select(Member).where(Member.name == "Beta Hospital"))
    appoint_representative(SYSTEM, member, factories.user(), role=Role.DELEGATE, valid_from=TODAY, document="Letter")
    with pytest.raises(RuleBrokenError, match=r"In use since this import: Beta Hospital \(appointment\)"):
        undo_import(SYSTEM, run)
    assert count(Member) == 3


def test_what_was_changed_again_is_not_undone(cluster):
    put(SMALL)
    run, _plan = put(SMALL.replace("https://c.example.org", "https://new.example.org"))
    member = db.session.scalar(select(Member).where(Member.name == "Gamma Spa"))
    change_member(SYSTEM, member, website="https://newest.example.org")
    with pytest.raises(RuleBrokenError, match="Changed again since this import: member M003"):
        undo_import(SYSTEM, run)
    assert member.website == "https://newest.example.org"


def test_the_pages_check_apply_and_undo(app, cluster):
    client = app.test_client().as_user(factories.staff(), "staff")
    assert client.get("/members/imports").status_code == 200
    assert client.post("/members/imports", data={}).status_code == 422
    bad = SMALL + "https://d.example.org,Gold,sometime,Delta,\n"
    file = {"file": (io.BytesIO(bad.encode()), "list.csv"), "mapping": ""}
    answer = client.post("/members/imports", data=file, content_type="multipart/form-data")
    assert answer.status_code == 303
    page = client.get(answer.location)
    assert "Delta" not in page.text or "is not a day" in page.text
    assert "Gold, Silver" in page.text
    refused = client.post(f"{answer.location}/apply", data={})
    assert refused.status_code == 422
    assert count(Member) == 0
    assert client.post(f"{answer.location}/apply", data={"skip_refused": "y"}).status_code == 303
    assert count(Member) == 3
    assert "Undo this import" in client.get(answer.location).text
    assert client.get(f"{answer.location}/undo").status_code == 200
    assert client.post(f"{answer.location}/undo").status_code == 303
    assert count(Member) == 0
    assert "Undone" in client.get("/members/imports").text


def test_an_uploaded_file_can_be_thrown_away(app, cluster):
    client = app.test_client().as_user(factories.staff(), "staff")
    file = {"file": (io.BytesIO(SMALL.encode()), "list.csv"), "mapping": '{"name": "Organisation"}'}
    answer = client.post("/members/imports", data=file, content_type="multipart/form-data")
    assert client.post(f"{answer.location}/discard").status_code == 303
    assert db.session.scalar(select(ImportRun.content)) is None
    wrong = {"file": (io.BytesIO(SMALL.encode()), "list.csv"), "mapping": "[1]"}
    assert client.post("/members/imports", data=wrong, content_type="multipart/form-data").status_code == 422


@pytest.fixture
def command(lite_app, at_d, monkeypatch, tmp_path):
    """Runs ``govern import`` on the test's own database."""
    factories.cluster()
    db.session.commit()
    monkeypatch.setattr("govern.cli.running.make_app", lambda *_a, **_k: lite_app)

    def run(*arguments):
        db.session.remove()  # a command is a process of its own: nothing of the test may be open beside it
        return CliRunner().invoke(import_group, [str(argument) for argument in arguments])

    return run


def test_the_command_reports_in_json_and_undoes(command, tmp_path):
    file = tmp_path / "members.csv"
    file.write_text(SMALL, encoding="utf-8")
    dry = command("members", file, "--dry-run", "--json")
    assert json.loads(dry.stdout)["created"] == 3
    assert count(Member) == 0
    done = command("members", file, "--json")
    assert (done.exit_code, json.loads(done.stdout)["created"]) == (0, 3)
    assert "0 created, 0 changed, 3 unchanged" in command("members", file).stdout
    assert "There is no import 99" in str(command("undo", "99").exception)
    assert command("undo").exit_code == 0
    assert count(Member) == 0


def test_the_command_names_faults_and_ends_with_1(command, tmp_path):
    file = tmp_path / "members.csv"
    file.write_text("name,tier\nAlpha,Gold\n,Gold\n", encoding="utf-8")
    refused = command("members", file, "--json")
    assert refused.exit_code == 1
    assert "row 3, name: no name" in refused.stderr
    assert json.loads(refused.stdout)["refused"] == [{"row": 3, "field": "name", "why": "no name"}]
    assert count(Member) == 0
    assert command("members", file, "--skip-refused").exit_code == 0
    assert count(Member) == 1
    assert command("members", "--colour").exit_code == 2


def test_the_real_organisations_are_imported_without_a_hand_edit(cluster):
    files = sorted(REAL.glob("*.csv"))
    if not files:
        pytest.skip("the shared material is not on this machine")
    run, plan = put(files[0].read_bytes())
    assert (len(plan.created), plan.refused) == (722, [])
    assert len(plan.new_categories) == 6
    assert count(Member) == 722
    assert db.session.scalar(select(func.count(Member.joined_on))) == 707
    _again, second = put(files[0].read_bytes())
    assert (len(second.created), len(second.changed), second.unchanged) == (0, 0, 722)
    undo_import(SYSTEM, run)
    assert count(Member) == 0
    assert get_cluster().currency == "EUR"
