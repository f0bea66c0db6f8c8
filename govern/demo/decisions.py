"""Motions, votes and the ministries' answers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from govern.demo.bylaws import BYLAWS
from govern.demo.founding import World
from govern.demo.people import HEALTH_LIAISON, ORGANISATIONS, RECORDS, TOURISM_LIAISON
from govern.demo.texts import ADMISSION, ASSOCIATE_CLASS, BUDGET, CARE_STANDARD, LINE_3, LINES
from govern.kernel.actor import Actor
from govern.reviews.actions import answer, ask
from govern.reviews.queries import Review, reviews_of
from govern.reviews.rules import Answer, Ground
from govern.votes.actions import (
    adopt_profile,
    cast_ballot,
    declare,
    draft_motion,
    open_vote,
    prepare_vote,
)
from govern.votes.queries import Decision, Motion, RuleProfile, Vote
from govern.votes.rules import Choice, SubjectDraft

MINOR = 100
REVIEW_DAYS = 15
CLOSING_HOUR = 17
EVERYBODY = tuple(o.code for o in ORGANISATIONS if o.code != "M19")
Ballots = dict[str, Choice]


def _ballots(yes: str, no: str = "", abstain: str = "") -> Ballots:
    """Codes separated by spaces; ``*`` stands for everybody in good standing not named elsewhere."""
    told = dict.fromkeys(no.split(), Choice.NO) | dict.fromkeys(abstain.split(), Choice.ABSTAIN)
    return told | dict.fromkeys(yes.split(), Choice.YES)


def _all_but(absent: str, no: str, abstain: str = "") -> Ballots:
    """Everybody in good standing says yes, except those named."""
    silent = set(absent.split()) | set(no.split()) | set(abstain.split())
    return _ballots(" ".join(code for code in EVERYBODY if code not in silent), no, abstain)


# Who voted how is free as long as the totals and colleges of domain.md 5.7 come out.
V1 = _all_but(absent="M11 M15", no="M07 M09 M18", abstain="M12")
V2 = _all_but(absent="M22", no="M02 M04 M09 M15", abstain="M11")
V2B = _all_but(absent="M09 M12 M23 M17 M18", no="M15 M02", abstain="M03")
V6A = _all_but(absent="M02 M04 M08 M11 M15 M18 M22 M24", no="M07 M09 M16")
V6B = _ballots(yes="M01 M03 M05 M10 M13 M14 M20 M23", no="M15")
V4 = _ballots(yes="chair M01 M10 M20 M23", no="M03 M13")


@dataclass
class Record:
    """What the story has decided so far, by the names V1, V2 ..."""

    world: World
    profiles: dict[str, RuleProfile] = field(default_factory=dict)
    votes: dict[str, Vote] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)

    def review(self, vote: str, department: str, line: str) -> Review:
        """The clock of ``department`` over ``line`` of the decision of ``vote``."""
        wanted = (self.world.departments[department].id, line)
        found = reviews_of(self.decisions[vote].id)
        return next(review for review in found if (review.department_id, review.subject_code) == wanted)


@dataclass(frozen=True)
class Plan:
    """One vote of the story: days of opening and closing relative to D, who votes how."""

    name: str
    profile: str
    motion: Callable[[Record], Motion]
    opens: datetime
    closes: datetime
    ballots: Ballots
    voter: Callable[[str], Actor]
    recusals: dict[str, str] = field(default_factory=dict)


def plan(world: World) -> Record:
    """Add the decisions' events to the timeline."""
    line, record = world.timeline, Record(world)
    line.add(line.at(line.on(-320), 10), lambda: _adopt(record))

    supplier = "registered supplier for line L3"
    assemblies: tuple[tuple[str, str, Callable[[Record], Motion], tuple[int, int], Ballots, dict[str, str]], ...] = (
        ("V6a", "statutes", _associate_class, (-50, -20), V6A, {}),
        ("V2", "budget", _budget, (-42, -28), V2, {}),
        ("V1", "standard", _care_standard, (-39, -25), V1, {}),
        ("V2b", "budget", _line_3, (-10, -6), V2B, {"M17": supplier, "M18": supplier}),
        ("V6b", "statutes-second", _associate_class_again, (-6, 6), V6B, {}),
    )
    for name, profile, motion, (opens, closes), ballots, recusals in assemblies:
        start, end = line.at(line.on(opens)), line.at(line.on(closes), CLOSING_HOUR)
        _schedule(record, Plan(name, profile, motion, start, end, ballots, world.delegate, recusals))
    board = line.working(-11)
    grounds = {"M06": "competitor of the applicant", "M17": "commission agreement with a competitor of the applicant"}
    meeting = (line.at(board, 14, 30), line.at(board, 15))
    _schedule(record, Plan("V4", "admission", _admission, *meeting, V4, world.seat, grounds))
    _answers(record)
    return record


def _adopt(record: Record) -> None:
    for code, bylaw in BYLAWS.items():
        record.profiles[code] = adopt_profile(
            record.world.staff(),
            code=code,
            name=bylaw.name,
            body=record.world.bodies[bylaw.body],
            rule=bylaw.rule,
            counting=bylaw.counting,
            opening_days=14,
            review_days=REVIEW_DAYS,
            source=bylaw.source,
            in_force_from=record.world.timeline.on(-320),
        )


def _schedule(record: Record, vote: Plan) -> None:
    """Opening, ballots spread evenly until closing (or until this morning), declaration five minutes after closing."""
    line = record.world.timeline
    line.add(vote.opens, lambda: _open(record, vote))
    last = min(vote.closes, line.at(line.day, 8))
    step = (last - vote.opens) / (len(vote.ballots) + 1)
    for index, (code, choice) in enumerate(vote.ballots.items(), 1):
        line.add(line.by_day(vote.opens + step * index), _casting(record, vote, code, choice))
    if vote.closes < line.at(line.day, 0):
        line.add(vote.closes + timedelta(minutes=5), lambda: _declare(record, vote))


def _open(record: Record, vote: Plan) -> None:
    staff = record.world.staff(RECORDS)
    record.votes[vote.name] = prepare_vote(staff, vote.motion(record), record.profiles[vote.profile])
    open_vote(staff, record.votes[vote.name], closes_at=vote.closes, recusals=_electors(record, vote))


def _electors(record: Record, vote: Plan) -> dict[str, str]:
    """Recusals by the elector's code: a member's code, or the seat's."""
    if vote.profile != "admission":
        return vote.recusals
    return {f"S{record.world.seats[code].id}": ground for code, ground in vote.recusals.items()}


def _casting(record: Record, vote: Plan, code: str, choice: Choice) -> Callable[[], object]:
    return lambda: cast_ballot(vote.voter(code), record.votes[vote.name], choice)


def _declare(record: Record, vote: Plan) -> None:
    record.decisions[vote.name] = declare(record.world.staff(RECORDS), record.votes[vote.name])


def _budget_subjects(record: Record, codes: tuple[str, ...]) -> list[SubjectDraft]:
    tourism, health = (record.world.departments[code].id for code in ("tourism", "health"))
    return [
        SubjectDraft(
            kind="budget_line",
            code=code,
            title=LINES[code].title,
            own_minor=LINES[code].own * MINOR,
            shares={
                department: amount * MINOR
                for department, amount in ((tourism, LINES[code].tourism), (health, LINES[code].health))
                if amount
            },
        )
        for code in codes
    ]


def _budget(record: Record) -> Motion:
    year = record.world.timeline.day.year + 1
    return draft_motion(
        record.world.staff(RECORDS),
        title=f"Budget {year}",
        text=BUDGET.format(year=year),
        mover="Board",
        subjects=_budget_subjects(record, tuple(LINES)),
    )


def _line_3(record: Record) -> Motion:
    return draft_motion(
        record.world.staff(RECORDS),
        title="Budget line L3 with an open call",
        text=LINE_3,
        mover="Board",
        subjects=_budget_subjects(record, ("L3",)),
        follows=record.decisions["V2"],
    )


def _care_standard(record: Record) -> Motion:
    health = record.world.departments["health"].id
    title = "Care Standard v1.0"
    return draft_motion(
        record.world.staff(RECORDS),
        title=f"Adoption of {title}",
        text=CARE_STANDARD,
        mover="Standards committee",
        subjects=[SubjectDraft(kind="standard", code="CARE-1.0", title=title, own_minor=0, shares={health: 0})],
    )


def _associate_class(record: Record) -> Motion:
    return draft_motion(
        record.world.staff(RECORDS),
        title="Statutes: associate class for start-ups",
        text=ASSOCIATE_CLASS,
        mover="Tarrega Aesthetic Surgery",
        subjects=[],
    )


def _associate_class_again(record: Record) -> Motion:
    return draft_motion(
        record.world.staff(RECORDS),
        title="Statutes: associate class for start-ups, second call",
        text=ASSOCIATE_CLASS,
        mover="Tarrega Aesthetic Surgery",
        subjects=[],
        follows=record.decisions["V6a"],
    )


def _admission(record: Record) -> Motion:
    return draft_motion(
        record.world.staff(RECORDS),
        title="Admission of Bright Arch Dental Studio",
        text=ADMISSION,
        mover="Secretariat",
        subjects=[],
    )


def _answers(record: Record) -> None:
    """Lines nobody answers (L4, Tourism's part of L6) become final when their clocks run out."""
    line = record.world.timeline
    agreed = (
        (-24, TOURISM_LIAISON, ("V2", "tourism", "L2")),
        (-22, HEALTH_LIAISON, ("V2", "health", "L5")),
        (-21, HEALTH_LIAISON, ("V2", "health", "L7")),
        (-14, HEALTH_LIAISON, ("V1", "health", "CARE-1.0")),
    )
    for offset, name, place in agreed:
        line.add(line.at(line.on(offset), 11), partial(_agree, record, name, place))
    line.add(line.at(line.on(-19), 15), partial(_object, record))
    line.add(line.at(line.on(-16), 10), partial(_ask, record))


def _agree(record: Record, name: str, place: tuple[str, str, str]) -> None:
    answer(record.world.liaison(place[1], name), record.review(*place), answer=Answer.NO_OBJECTION)


def _object(record: Record) -> None:
    answer(
        record.world.liaison("tourism", TOURISM_LIAISON),
        record.review("V2", "tourism", "L3"),
        answer=Answer.OBJECTED,
        ground=Ground.EQUAL_ACCESS,
        remark="Two members supply what this line buys.",
        remedy="Award the visits and stands by an open call.",
    )


def _ask(record: Record) -> None:
    question = "Which nurses staff the 24/7 line, and on whose licence?"
    ask(record.world.liaison("health", HEALTH_LIAISON), record.review("V2", "health", "L6"), question)
