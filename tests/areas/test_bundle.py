"""Exports that anybody can recompute, and that show every change."""

import json
from dataclasses import replace

import pytest

from govern.audit.actions import seal
from govern.audit.queries import find_latest_head
from govern.audit.rules.heads import head_document, parse_head
from govern.desk.queries.bundle import bundle
from govern.desk.rules.archive import pack, unpack
from govern.desk.rules.verification import verify
from govern.extensions import db
from govern.kernel.canonical import canonical_bytes, sha256_hex
from govern.kernel.errors import InputError, RuleBrokenError
from govern.votes.queries import get_decision_by_number, list_decisions


def seal_all():
    while seal():
        db.session.commit()
    db.session.commit()


@pytest.fixture
def budget(demo_app):
    seal_all()
    number = next(row.Decision.number for row in list_decisions() if row.Decision.title.startswith("Budget 2"))
    return bundle([get_decision_by_number(number)], in_folders=False)


def refusal(data):
    try:
        return verify(data).faults
    except InputError as error:
        return error.faults


def test_a_bundle_holds_and_is_the_same_twice(budget, demo_app):
    report = verify(budget)
    assert report.faults == []
    assert "trust" in report.trust
    assert any("recounted: adopted" in line for line in report.checked)
    assert pack(unpack(budget)) == budget


def test_all_decisions_in_one_bundle(demo_app):
    seal_all()
    data = bundle([row.Decision for row in list_decisions()], in_folders=True)
    assert verify(data).faults == []
    assert len([line for line in verify(data).checked if "recounted" in line]) == 5


def test_any_altered_byte_is_noticed(budget):
    for place in [*range(0, len(budget), max(1, len(budget) // 150)), len(budget) - 1]:
        altered = bytearray(budget)
        altered[place] ^= 1 << (place % 8)
        assert refusal(bytes(altered)), place


def test_an_altered_file_is_named(budget):
    start = budget.index(b'"vote": "yes"')
    altered = budget[:start] + b'"vote": "no" ' + budget[start + 13 :]
    assert "vote.json" in " ".join(refusal(altered))


@pytest.mark.parametrize("name", ["vote.json", "decision.json", "ballots.json", "text.md", "rule.json"])
def test_a_forger_without_the_key_is_found_out(budget, name):
    """The manifest is made to fit; signature, log and recount still tell."""
    files = unpack(budget)
    files[name] = files[name].replace(b"yes", b"no ", 1).replace(b"164,000", b"165,000").replace(b"1/2", b"1/3", 1)
    manifest = json.loads(files["manifest.json"])
    manifest["files"][name] = sha256_hex(files[name])
    files["manifest.json"] = canonical_bytes(manifest)
    faults = refusal(pack(files))
    assert any("signature.json" in fault for fault in faults)
    assert any(name in fault for fault in faults)


def test_a_pinned_key_and_a_witness(budget, demo_app):
    head = find_latest_head()
    assert verify(budget, key=head.key_id).trust == ""
    assert verify(budget, key="0" * 64).faults
    kept = parse_head(json.dumps(head_document(head)))
    assert verify(budget, witness=kept).faults == []


def test_a_log_rewritten_since_the_witness_is_noticed(budget, demo_app):
    head = find_latest_head()
    other = replace(head, root=bytes(32))
    assert any("rewritten" in fault for fault in verify(budget, witness=other).faults)


def test_what_the_log_cannot_prove_yet_is_not_exported(demo_app):
    seal(100)
    with pytest.raises(RuleBrokenError, match="govern work"):
        bundle([row.Decision for row in list_decisions()], in_folders=True)


@pytest.mark.parametrize("content", [None, b"{}", b"[]", b"7", b"\xff"])
def test_a_file_without_its_form_is_named(budget, content):
    files = unpack(budget)
    for name in files:
        changed = {other: data for other, data in files.items() if other != name}
        if content is not None:
            changed[name] = content
        assert any(fault.startswith(f"{name}:") for fault in refusal(pack(changed))), name


def test_a_dossier_names_its_tasks(demo_app):
    seal_all()
    number = next(row.Decision.number for row in list_decisions() if row.Decision.title.startswith("Admission"))
    files = unpack(bundle([get_decision_by_number(number)], in_folders=False))
    titles = {task["title"] for task in json.loads(files["tasks.json"])["tasks"]}
    assert "Name a mentor for Bright Arch Dental Studio" in titles
