"""Gather a decision with everything that proves it, as files."""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from govern.audit.keys import signing_key
from govern.audit.queries import list_entry_ids, load_tree, prove
from govern.audit.queries.heads import list_head_sizes
from govern.audit.rules.heads import Head, head_document, public_bytes
from govern.desk.queries.dossier import tasks_behind
from govern.desk.rules.archive import pack
from govern.desk.rules.verification import FORMAT
from govern.kernel.canonical import canonical_bytes, sha256_hex
from govern.kernel.errors import RuleBrokenError
from govern.meetings.queries import items_of_vote
from govern.reviews.queries import ReviewLine, lines_of, pauses_of
from govern.votes.queries import Decision, Sheet, count_file, get_sheet, subjects_of
from govern.votes.queries.evidence import list_recusals, list_salted_ballots

Files = dict[str, bytes]


def bundle(decisions: Sequence[Decision], *, in_folders: bool) -> bytes:
    """The canonical archive of these decisions; RuleBrokenError while the log has no signed head to prove them by.

    One decision stands at the root; with ``in_folders`` each has a folder named by its number.
    """
    files: Files = {}
    about: dict[str, set[int | str]] = {}
    folders = [f"{decision.number}/" if in_folders else "" for decision in decisions]
    for folder, decision in zip(folders, decisions, strict=True):
        _add_decision(files, folder, decision, about)
    head = _add_log(files, about)
    manifest = {"format": FORMAT, "decisions": folders, "files": {name: sha256_hex(files[name]) for name in files}}
    files["manifest.json"] = canonical_bytes(manifest)
    key = signing_key()
    told = {"key_id": head.key_id, "public_key": public_bytes(key).hex()}
    files["signature.json"] = _json(told | {"signature": key.sign(files["manifest.json"]).hex()})
    return pack(files)


def _json(value: object) -> bytes:
    return (
        json.dumps(json.loads(canonical_bytes(value)), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    ).encode()


def _add_decision(files: Files, folder: str, decision: Decision, about: dict[str, set[int | str]]) -> None:
    sheet = get_sheet(decision.vote_id)
    reviews, items = lines_of(decision.id), items_of_vote(decision.vote_id)
    parts: Mapping[str, object] = {
        "decision.json": _decision(decision, sheet),
        "vote.json": count_file(sheet.vote),
        "ballots.json": {"ballots": _ballots(sheet)},
        "recusals.json": {"recusals": _recusals(sheet)},
        "review.json": {"reviews": [_review(line) for line in reviews]},
        "tasks.json": {"tasks": [_task(line) for line in tasks_behind(decision, reviews, items)]},
        "minutes.json": {"items": [_item(item) for item in items]},
    }
    for name, content in parts.items():
        files[folder + name] = _json(content)
    files[folder + "rule.json"] = sheet.vote.rule.encode()
    files[folder + "text.md"] = sheet.vote.text.encode()
    keys: tuple[tuple[str, int], ...] = (
        ("decision", decision.id),
        ("vote", sheet.vote.id),
        ("motion", sheet.motion.id),
    )
    for kind, key in keys:
        about.setdefault(kind, set()).add(key)
    about.setdefault("review", set()).update(line.review.id for line in reviews)


def _decision(decision: Decision, sheet: Sheet) -> dict[str, object]:
    vote = sheet.vote
    return {
        "id": decision.id,
        "number": decision.number,
        "title": decision.title,
        "outcome": decision.outcome,
        "decided_at": decision.decided_at,
        "declared_at": decision.declared_at,
        "declared_by": decision.declared_by,
        "body": sheet.body_name,
        "mover": sheet.motion.mover,
        "vote": vote.id,
        "opened_at": vote.opens_at,
        "closed_at": vote.closes_at,
        "record_date": vote.record_date,
        "rule_name": sheet.profile.name,
        "rule_source": sheet.profile.source,
        "rule_hash": vote.rule_hash,
        "text_hash": vote.text_hash,
        "result_hash": decision.result_hash,
        "result": json.loads(decision.result),
        "subjects": [
            {"kind": s.kind, "code": s.code, "title": s.title, "own_minor": s.own_minor, "shares": s.shares}
            for s in subjects_of(sheet.motion.id)
        ],
    }


def _ballots(sheet: Sheet) -> list[dict[str, object]]:
    return [
        {"elector": row.code, "choice": row.choice, "salt": row.salt, "cast_at": row.cast_at}
        for row in list_salted_ballots(sheet.vote)
    ]


def _recusals(sheet: Sheet) -> list[dict[str, object]]:
    return [
        {"elector": row.code, "label": row.label, "ground": row.recusal_ground, "weight": row.weight}
        for row in list_recusals(sheet.vote)
    ]


def _review(line: ReviewLine) -> dict[str, object]:
    review = line.review
    return {
        "department": line.department,
        "subject": review.subject_code,
        "title": review.subject_title,
        "state": line.state,
        "days": review.days,
        "notified_at": review.notified_at,
        "ends_at": review.ends_at,
        "answered_at": review.answered_at,
        "answered_by": review.answered_by,
        "ground": review.ground,
        "remark": review.remark,
        "remedy": review.remedy,
        "questions": [
            {"asked_at": p.asked_at, "question": p.question, "answered_at": p.answered_at, "reply": p.reply}
            for p in pauses_of(review.id)
        ],
    }


def _task(line: Any) -> dict[str, object]:
    task = line.Task
    return {"title": task.title, "owner": line.owner or "Secretariat", "due_on": task.due_on, "state": task.state}


def _item(item: Any) -> dict[str, object]:
    return {"meeting": item.meeting_title, "item": item.title, "minute": item.minute, "minutes": item.minutes_state}


def _add_log(files: Files, about: Mapping[str, set[int | str]]) -> Head:
    wanted = list_entry_ids(about)
    head, proofs = prove(wanted)
    if head is None or len(proofs) < len(wanted):
        raise RuleBrokenError(
            "Not every entry stands under a signed head yet. Run govern work --once, then export again."
        )
    tree = load_tree(head.size)
    entries = [
        {
            "id": proof.entry_id,
            "position": proof.position,
            "payload": b64encode(proof.payload).decode(),
            "path": [step.hex() for step in proof.path],
        }
        for proof in proofs
    ]
    grown = [
        {"size": size, "path": [step.hex() for step in tree.consistency(size)]} for size in list_head_sizes(head.size)
    ]
    files["audit.json"] = _json({"entries": entries})
    files["head.json"] = _json(head_document(head))
    files["heads.json"] = _json({"proofs": grown})
    return head
