"""Adopting rules, drafting motions."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from govern.audit.actions import record
from govern.bodies.queries import Body
from govern.counting.errors import CountingError
from govern.counting.rule import parse_rule
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Actor
from govern.kernel.canonical import canonical_text, sha256_hex
from govern.kernel.errors import InputError, RuleBrokenError
from govern.votes import queries
from govern.votes.models import Decision, Motion, RuleProfile, Subject, SubjectShare
from govern.votes.rules import BY_HEADS, BY_WEIGHT, SubjectDraft, check_subjects


def adopt_profile(  # noqa: PLR0913 - the fields of a profile
    actor: Actor,
    *,
    code: str,
    name: str,
    body: Body,
    rule: dict[str, Any],
    counting: str,
    opening_days: int,
    review_days: int,
    source: str,
    in_force_from: date,
    mandate_days: int = 0,
) -> RuleProfile:
    """The next version of the rule ``code``; votes already open keep the version they froze (domain.md S28).

    ``rule`` is the ``rule`` object of a motion file; InputError with every fault when it cannot be counted by.
    """
    try:
        parsed = parse_rule(rule)
    except CountingError as refused:
        raise InputError([str(fault) for fault in refused.faults]) from refused
    if counting not in {BY_HEADS, BY_WEIGHT}:
        raise InputError(f"A vote is counted by heads or by weight, not by {counting}.")
    newest = queries.find_newest_profile(code)
    version = newest.version + 1 if newest else 1
    profile = RuleProfile(
        code=code,
        version=version,
        name=name.strip(),
        source=source.strip(),
        rule=canonical_text(parsed.to_dict()),
        counting=counting,
        body_id=body.id,
        opening_days=opening_days,
        review_days=review_days,
        mandate_days=mandate_days,
        in_force_from=in_force_from,
    )
    db.session.add(profile)
    db.session.flush()
    after = {"code": code, "version": version, "rule": profile.rule, "from": in_force_from, "source": profile.source}
    record(actor, "rule.adopted", "rule_profile", profile.id, after=after)
    return profile


def draft_motion(  # noqa: PLR0913 - the fields of a motion
    actor: Actor,
    *,
    title: str,
    text: str,
    mover: str,
    subjects: Sequence[SubjectDraft],
    follows: Motion | Decision | None = None,
) -> Motion:
    """A proposed decision. ``follows``: the motion (or its decision) that this one takes up again."""
    check_subjects(subjects)
    motion = Motion(
        title=" ".join(title.split()),
        text=_lines(text),
        mover=mover.strip(),
        follows_id=_motion_id(follows),
        created_at=clock.now(),
    )
    db.session.add(motion)
    db.session.flush()
    _add_subjects(motion, subjects)
    record(actor, "motion.drafted", "motion", motion.id, after=_told(motion, subjects))
    return motion


def revise_motion(  # noqa: PLR0913 - the fields of a motion
    actor: Actor, motion: Motion, *, title: str, text: str, mover: str, subjects: Sequence[SubjectDraft]
) -> Motion:
    """Change a draft; RuleBrokenError once a vote on it has opened, because its text is fixed from then on."""
    if any(vote.opens_at is not None for vote in queries.votes_of(motion.id)):
        raise RuleBrokenError(
            "A vote on this motion has opened, so its text is fixed. Draft a new motion that follows it."
        )
    check_subjects(subjects)
    before = _told(motion, queries.subjects_of(motion.id))
    motion.title, motion.text, motion.mover = " ".join(title.split()), _lines(text), mover.strip()
    ids = db.select(Subject.id).where(Subject.motion_id == motion.id)
    db.session.execute(db.delete(SubjectShare).where(SubjectShare.subject_id.in_(ids)))
    db.session.execute(db.delete(Subject).where(Subject.motion_id == motion.id))
    _add_subjects(motion, subjects)
    record(actor, "motion.revised", "motion", motion.id, before=before, after=_told(motion, subjects))
    return motion


def _lines(text: str) -> str:
    """Line ends as browsers and files differ in them, so that the same text always has the same hash."""
    return text.replace("\r\n", "\n").strip()


def _motion_id(follows: Motion | Decision | None) -> int | None:
    if isinstance(follows, Decision):
        return queries.get_vote(follows.vote_id).motion_id
    return follows.id if follows else None


def _add_subjects(motion: Motion, subjects: Sequence[SubjectDraft]) -> None:
    for draft in subjects:
        subject = Subject(
            motion_id=motion.id, kind=draft.kind, code=draft.code, title=draft.title, own_minor=draft.own_minor
        )
        db.session.add(subject)
        db.session.flush()
        shares = [
            SubjectShare(subject_id=subject.id, department_id=key, minor=minor) for key, minor in draft.shares.items()
        ]
        db.session.add_all(shares)
    db.session.flush()


def _told(motion: Motion, subjects: Sequence[SubjectDraft]) -> dict[str, object]:
    return {
        "title": motion.title,
        "text_hash": sha256_hex(motion.text.encode()),
        "mover": motion.mover,
        "follows": motion.follows_id,
        "subjects": [{"kind": s.kind, "code": s.code, "own": s.own_minor, "shares": s.shares} for s in subjects],
    }
