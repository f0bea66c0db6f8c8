"""One search over everything this person may see: words in names, at most ten hits of each kind."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from govern.kernel.actor import Actor
from govern.meetings.queries import list_meetings
from govern.members.queries import MemberFilter, list_members
from govern.tasks.queries import Show, TaskFilter, list_tasks
from govern.votes.queries import DecisionFilter, VoteFilter, list_decisions, list_votes

SHORTEST = 2
EACH = 10


@dataclass(frozen=True, slots=True)
class Found:
    """One hit: ``kind`` says which page ``key`` opens."""

    kind: str
    key: int | str
    title: str
    detail: str


def search_everything(actor: Actor, words: str, today: date) -> Sequence[Found]:
    """Members, decisions, votes, meetings and tasks with ``words`` in their name; empty below two letters."""
    return list(_hits(actor, words, today)) if len(words) >= SHORTEST else []


def _hits(actor: Actor, words: str, today: date) -> Iterator[Found]:
    for member, category, _college in list_members(MemberFilter(text=words), limit=EACH):
        yield Found("member", member.id, member.name, category.name)
    for row in list_decisions(DecisionFilter(text=words), limit=EACH):
        yield Found("decision", row.Decision.number, row.Decision.title, row.body_name)
    for row in list_votes(actor, VoteFilter(text=words), limit=EACH):
        yield Found("vote", row.Vote.id, row.title, row.body_name)
    for meeting, body in list_meetings(actor, q=words, limit=EACH):
        yield Found("meeting", meeting.id, meeting.title, body)
    for line in list_tasks(actor, TaskFilter(mine=False, show=Show.ALL, q=words), today=today, size=EACH)[:EACH]:
        yield Found("task", line.Task.id, line.Task.title, line.owner or "")
