"""Everything the record knows about one decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select

from govern.extensions import db
from govern.kernel.actor import Actor
from govern.meetings.queries import items_of_vote
from govern.reviews.queries import lines_of, states_of
from govern.reviews.rules import Effect
from govern.tasks.queries import tasks_of
from govern.votes.queries import Decision, Sheet, find_own_line, get_sheet, subjects_of
from govern.votes.rules import SubjectDraft


@dataclass(frozen=True, slots=True)
class Dossier:
    """One decision with what led to it and what followed. ``hidden``: the reader was recused and sees no papers."""

    sheet: Sheet
    subjects: Sequence[SubjectDraft]
    effect: Effect | None
    reviews: Sequence[Any]
    items: Sequence[Any]
    tasks: Sequence[Any]
    hidden: bool


def load_dossier(actor: Actor, decision: Decision) -> Dossier:
    """Six statements, whatever the size of the roll."""
    sheet = get_sheet(decision.vote_id)
    return Dossier(
        sheet=sheet,
        subjects=subjects_of(sheet.motion.id),
        effect=states_of([decision.id]).get(decision.id),
        reviews=lines_of(decision.id),
        items=items_of_vote(decision.vote_id),
        tasks=tasks_of("decision", decision.id),
        hidden=find_own_line(actor, decision.vote_id).recused,
    )


def list_register(statement: Select[Any]) -> Sequence[Row[Any]]:
    """The rows of one page of the register; ``statement`` comes from ``votes.queries.decisions_statement``."""
    return db.session.execute(statement).all()
