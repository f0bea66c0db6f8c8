"""The four meetings of the story, their minutes, and the tasks that came out of them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from govern.demo.decisions import Record
from govern.demo.founding import World
from govern.demo.papers import (
    ACCOUNTS,
    AUDIT,
    BED_NIGHTS,
    BRIGHT_ARCH,
    COMMENTS,
    CORRECTION,
    DISCHARGE,
    HAND_OVER,
    M_09,
    OBJECTION,
    Paper,
)
from govern.demo.people import RECORDS
from govern.kernel.actor import Actor
from govern.meetings.actions import (
    add_item,
    approve,
    ask_correction,
    assign_task,
    attach_vote,
    call_meeting,
    circulate,
    plan_meeting,
    record_attendance,
    write_minute,
)
from govern.meetings.queries import Meeting, list_attendance, list_items
from govern.meetings.rules import CORRECTION_DAYS, ItemKind, Mode, Presence
from govern.tasks import actions as tasks
from govern.tasks.queries import Task


class Job(NamedTuple):
    """A task out of an item: owner's code ("" = secretariat), due as days relative to D.

    ``answer`` is what its owner did ``after`` so many days: "" nothing, "accept", "done", or "decline" (then given to
    ``then``).
    """

    item: int
    owner: str
    title: str
    due: int
    answer: str = ""
    after: int = 0
    note: str = ""
    then: str = ""


class Gathering(NamedTuple):
    """A meeting of the story. ``hours`` local; ``called`` relative to D; ``circulated`` and later days after it."""

    body: str
    title: str
    place: str
    day: date
    hours: tuple[int, int]
    called: int
    agenda: tuple[Paper, ...]
    in_the_room: int = 0
    circulated: int | None = None
    approved: bool = False
    jobs: tuple[Job, ...] = ()


def plan(world: World, record: Record) -> None:
    """Add the meetings' events to the timeline."""
    line = world.timeline
    year = line.day.year
    spring = Gathering(
        "GA",
        f"Ordinary general assembly {line.on(-240).year}",
        "City hall of Port Aurel and online",
        line.working(-240),
        (10, 13),
        -262,
        (ACCOUNTS, AUDIT, DISCHARGE),
        in_the_room=20,
        circulated=4,
        approved=True,
        jobs=(
            Job(2, "M16", "Publish the auditors' report to all members", -225, "done", 12, "Sent to all delegates."),
            Job(1, "", "File the accounts with the registry of associations", -210, "done", 26, "Receipt 2213-A."),
            Job(1, "M11", "Report the number of affiliated physiotherapists with evidence", -60),
        ),
    )
    committee = Gathering(
        "STD",
        "Standards committee: comments on the Care Standard",
        "University of Calandria, room 2.14",
        line.working(-38),
        (9, 12),
        -47,
        (COMMENTS, M_09, HAND_OVER),
        in_the_room=5,
        circulated=2,
        approved=True,
        jobs=(
            Job(1, "M23", "Publish the answers to the 41 comments", -30, "done", 5, "On the page of the standard."),
            Job(2, "M10", "Propose a wording for M-09 that rests on a licence", 14, "accept", 4),
            Job(1, "M06", "Translate the consent form for dental treatment into four languages", 8),
            Job(3, "M12", "Draft the checklist for the hand-over at discharge", -9, "accept", 3),
            Job(
                3,
                "M14",
                "Try the discharge summary with ten guests",
                10,
                "decline",
                3,
                "We have no guests after surgery of class 2 this season.",
                then="M16",
            ),
        ),
    )
    board = Gathering(
        "BOARD",
        "Board meeting",
        "Secretariat, Rua do Cais 4",
        line.working(-11),
        (14, 16),
        -18,
        (BRIGHT_ARCH, OBJECTION, BED_NIGHTS),
        in_the_room=7,
        circulated=(line.on(-4) - line.working(-11)).days,
        jobs=(
            Job(1, "", "Send Bright Arch Dental Studio the letter of admission", -5, "done", 2, "Sent by post."),
            Job(2, "M13", "Draft the open call for line L3", 5, "accept", 1),
            Job(2, "M20", "Offer a room for the jury of the open call", 12),
            Job(1, "M01", "Name a mentor for Bright Arch Dental Studio", 25),
        ),
    )
    winter = Gathering(
        "GA",
        f"Budget and statutes general assembly {line.on(18).year}",
        "City hall of Port Aurel and online",
        line.working(18),
        (10, 13),
        -3,
        (
            Paper(
                "Associate class for start-ups: result of the second call",
                "The vote closes before the meeting; the assembly takes note of its result and of what follows.",
                ItemKind.DECISION,
                "",
                20,
            ),
            Paper(
                "Line L3 after the open call",
                "The board reports on the decision, on the review of the Department of Tourism and on the call.",
                ItemKind.INFORMATION,
                "",
                20,
            ),
            Paper(
                "Report of the conduct panel",
                "Number and kind of cases since the last assembly, without names.",
                ItemKind.INFORMATION,
                "",
                15,
            ),
            Paper(
                f"Plan {year + 1} to {year + 3}",
                "First reading: which goals the members want to carry, before the board drafts the text.",
                ItemKind.DISCUSSION,
                "",
                60,
            ),
        ),
    )
    for name, gathering in (("MT1", spring), ("MT2", committee), ("MT3", board), ("MT4", winter)):
        _schedule(Story(world, record, name, gathering))


@dataclass
class Story:
    """One meeting while it is told."""

    world: World
    record: Record
    name: str
    gathering: Gathering
    meeting: Meeting | None = None
    tasks: dict[Job, Task] = field(default_factory=dict)

    @property
    def held(self) -> Meeting:
        """The meeting, once it was called."""
        if self.meeting is None:
            raise AssertionError("the story calls a meeting before it speaks of it")
        return self.meeting

    @property
    def clerk(self) -> Actor:
        """Who keeps the records."""
        return self.world.staff(RECORDS)


def _schedule(story: Story) -> None:
    line, gathering = story.world.timeline, story.gathering
    line.add(line.at(line.on(gathering.called)), lambda: _call(story))
    if gathering.circulated is None:
        return
    line.add(line.at(gathering.day, 18), lambda: _minute(story))
    for job in gathering.jobs:
        at = line.at(gathering.day + timedelta(days=job.after), 15)
        if job.answer:
            line.add(at, partial(_answer, story, job))
        if job.then:
            line.add(at + timedelta(days=2), partial(_pass_on, story, job))
    circulated = gathering.day + timedelta(days=gathering.circulated)
    line.add(line.at(circulated, 10), lambda: circulate(story.clerk, story.held))
    if gathering.approved:
        over = circulated + timedelta(days=CORRECTION_DAYS + 1)
        line.add(line.at(over, 10), lambda: approve(story.clerk, story.held))
    else:
        line.add(line.at(circulated + timedelta(days=2), 16), lambda: _ask(story))


def _call(story: Story) -> None:
    line, gathering = story.world.timeline, story.gathering
    start, end = gathering.hours
    meeting = plan_meeting(
        story.clerk,
        story.world.bodies[gathering.body],
        title=gathering.title,
        starts_at=line.at(gathering.day, start),
        ends_at=line.at(gathering.day, end),
        place=gathering.place,
        mode=Mode.HYBRID,
    )
    for number, paper in enumerate(gathering.agenda, 1):
        add_item(
            story.clerk,
            meeting,
            title=paper.title,
            kind=paper.kind,
            purpose=paper.purpose,
            minutes_planned=paper.minutes,
            vote_id=story.record.votes["V6b"].id if (story.name, number) == ("MT4", 1) else None,
        )
    call_meeting(story.clerk, meeting)
    story.meeting = meeting


def _minute(story: Story) -> None:
    meeting, items = story.held, list_items(story.held.id)
    if story.name == "MT3":
        attach_vote(story.clerk, items[0], story.record.votes["V4"].id)
    places = enumerate(list_attendance(meeting.id), 1)
    room = story.gathering.in_the_room
    came = {line.id: Presence.PRESENT if place <= room else Presence.ONLINE for place, line in places}
    record_attendance(story.clerk, meeting, came)
    for item, paper in zip(items, story.gathering.agenda, strict=True):
        write_minute(story.clerk, item, paper.text)
    for job in story.gathering.jobs:
        story.tasks[job] = assign_task(
            story.clerk,
            items[job.item - 1],
            title=job.title,
            due_on=story.world.timeline.on(job.due),
            member_id=story.world.members[job.owner].id if job.owner else None,
        )


def _answer(story: Story, job: Job) -> None:
    owner, task = story.world.delegate(job.owner) if job.owner else story.clerk, story.tasks[job]
    if job.answer == "accept":
        tasks.accept(owner, task)
    elif job.answer == "done":
        tasks.complete(owner, task, note=job.note)
    else:
        tasks.decline(owner, task, reason=job.note)


def _pass_on(story: Story, job: Job) -> None:
    heir, due_on = story.world.members[job.then].id, story.world.timeline.on(job.due)
    tasks.reassign(story.clerk, story.tasks[job], member_id=heir, due_on=due_on, note="Agreed by telephone.")


def _ask(story: Story) -> None:
    item = list_items(story.held.id)[1]
    ask_correction(story.world.seat("M13"), story.held, text=CORRECTION, item=item)
