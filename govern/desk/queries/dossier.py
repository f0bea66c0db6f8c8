"""Everything the record knows about one decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select

from govern.extensions import db
from govern.kernel.actor import Actor
from govern.kernel.errors import NotFoundError
from govern.meetings.queries import items_of_vote
from govern.reviews.queries import ReviewLine, lines_of
from govern.reviews.rules import Effect, SubjectEffect, effect_of, worst
from govern.tasks.queries import tasks_from
from govern.votes.queries import Decision, Sheet, find_own_line, subjects_of
from govern.votes.queries.records import sheet_statement
from govern.votes.rules import SubjectDraft


@dataclass(frozen=True, slots=True)
class Dossier:
    """One decision with what led to it and what followed. ``hidden``: the reader was recused and sees no papers."""

    sheet: Sheet
    subjects: Sequence[SubjectDraft]
    effect: Effect
    reviews: Sequence[ReviewLine]
    items: Sequence[Any]
    tasks: Sequence[Any]
    hidden: bool


def get_declared_sheet(number: str) -> Sheet:
    """The vote that led to decision ``number`` with what stands at its head, or NotFoundError. One statement."""
    found = db.session.execute(sheet_statement().where(Decision.number == number)).one_or_none()
    if found is None:
        raise NotFoundError
    return Sheet(*found)


def load_dossier(actor: Actor, sheet: Sheet, decision: Decision) -> Dossier:
    """Five statements, whatever the size of the roll."""
    reviews, items = lines_of(decision.id), items_of_vote(decision.vote_id, actor)
    return Dossier(
        sheet=sheet,
        subjects=subjects_of(sheet.motion.id),
        effect=_effect(reviews),
        reviews=reviews,
        items=items,
        tasks=tasks_behind(decision, reviews, items),
        hidden=find_own_line(actor, decision.vote_id).recused,
    )


def tasks_behind(decision: Decision, reviews: Sequence[ReviewLine], items: Sequence[Any]) -> Sequence[Any]:
    """Tasks that came from the decision itself, from its reviews, and from the agenda items that embed its vote."""
    sources: dict[str, list[int]] = {
        "decision": [decision.id],
        "review": [line.review.id for line in reviews],
        "agenda_item": [item.item_id for item in items],
    }
    return tasks_from(sources)


def _effect(reviews: Sequence[ReviewLine]) -> Effect:
    """The same reading as reviews.queries.states_of, from what was read already."""
    parts: dict[str, list[SubjectEffect]] = {}
    for line in reviews:
        parts.setdefault(line.review.subject_code, []).append(effect_of(line.review, line.state))
    return Effect({code: worst(found) for code, found in parts.items()})


def list_register(statement: Select[Any]) -> Sequence[Row[Any]]:
    """The rows of one page of the register; ``statement`` comes from ``votes.queries.decisions_statement``."""
    return db.session.execute(statement).all()
