"""Motions, rule profiles and votes with what belongs to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from json import loads
from typing import Any

from sqlalchemy import Select, select

from govern.bodies.queries import BODIES
from govern.bodies.rules import BodyKind
from govern.cluster.queries import DEPARTMENTS
from govern.counting.rule import Rule, parse_rule
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.errors import NotFoundError
from govern.votes.models import Decision, Motion, RuleProfile, Subject, SubjectShare, Vote
from govern.votes.rules import SubjectDraft, VoteState, state_of


@dataclass(frozen=True, slots=True)
class Sheet:
    """A vote with its motion, the profile it was prepared under, its body, and its decision once declared."""

    vote: Vote
    motion: Motion
    profile: RuleProfile
    body_code: str
    body_name: str
    body_kind: BodyKind
    decision: Decision | None

    @property
    def state(self) -> VoteState:
        """Where the vote stands at this instant."""
        return state_of(self.vote, clock.now())

    @property
    def opened(self) -> bool:
        """Whether it was ever opened."""
        return self.vote.opens_at is not None

    @property
    def body_id(self) -> int:
        """The body that votes."""
        return self.vote.body_id

    @property
    def rule(self) -> Rule:
        """The frozen rule; before opening the profile's."""
        return parse_rule(loads(self.vote.rule or self.profile.rule))

    @property
    def text(self) -> str:
        """The frozen text; before opening the motion's."""
        return self.vote.text if self.vote.opens_at else self.motion.text


def get_vote(vote_id: int) -> Vote:
    """The vote, or NotFoundError."""
    found = db.session.get(Vote, vote_id)
    if found is None:
        raise NotFoundError
    return found


def lock_vote(vote_id: int) -> Vote:
    """The vote as it is now, kept from everybody else's opening, casting, closing and declaring until we are done."""
    statement = select(Vote).where(Vote.id == vote_id).with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(statement).one()


def sheet_statement() -> Select[*tuple[Any, ...]]:
    """A vote and everything that stands at its head, one row each."""
    return (
        select(Vote, Motion, RuleProfile, BODIES.c.code, BODIES.c.name, BODIES.c.kind, Decision)
        .join(Motion, Motion.id == Vote.motion_id)
        .join(RuleProfile, RuleProfile.id == Vote.profile_id)
        .join(BODIES, BODIES.c.id == Vote.body_id)
        .outerjoin(Decision, Decision.vote_id == Vote.id)
    )


def get_sheet(vote_id: int) -> Sheet:
    """The vote with what stands at its head, or NotFoundError. One statement."""
    found = db.session.execute(sheet_statement().where(Vote.id == vote_id)).one_or_none()
    if found is None:
        raise NotFoundError
    return Sheet(*found)


def get_motion(motion_id: int) -> Motion:
    """The motion, or NotFoundError."""
    found = db.session.get(Motion, motion_id)
    if found is None:
        raise NotFoundError
    return found


def votes_of(motion_id: int) -> Sequence[Vote]:
    """The votes on a motion, oldest first."""
    return db.session.scalars(select(Vote).where(Vote.motion_id == motion_id).order_by(Vote.id)).all()


def subjects_of(motion_id: int) -> list[SubjectDraft]:
    """What the motion touches, in the order in which it was written, with the departments' shares. One statement."""
    statement = (
        select(Subject, SubjectShare.department_id, SubjectShare.minor)
        .outerjoin(SubjectShare, SubjectShare.subject_id == Subject.id)
        .where(Subject.motion_id == motion_id)
        .order_by(Subject.id, SubjectShare.department_id)
    )
    shares: dict[Subject, dict[int, int]] = {}
    for subject, department_id, minor in db.session.execute(statement):
        held = shares.setdefault(subject, {})
        if department_id is not None:
            held[department_id] = minor
    return [SubjectDraft(s.kind, s.code, s.title, s.own_minor, by_department) for s, by_department in shares.items()]


@dataclass(frozen=True, slots=True)
class SubjectLine:
    """A subject for people: each department's share beside its name. Minor units of the cluster's currency."""

    kind: str
    code: str
    title: str
    own_minor: int
    shares: list[tuple[str, int]]

    @property
    def total_minor(self) -> int:
        """All shares together."""
        return self.own_minor + sum(minor for _name, minor in self.shares)


def list_subject_lines(motion_id: int) -> list[SubjectLine]:
    """What the motion touches, with the departments' names. One statement."""
    statement = (
        select(Subject, DEPARTMENTS.c.name, SubjectShare.minor)
        .outerjoin(SubjectShare, SubjectShare.subject_id == Subject.id)
        .outerjoin(DEPARTMENTS, DEPARTMENTS.c.id == SubjectShare.department_id)
        .where(Subject.motion_id == motion_id)
        .order_by(Subject.id, SubjectShare.department_id)
    )
    lines: dict[int, SubjectLine] = {}
    for subject, department, minor in db.session.execute(statement):
        fresh = SubjectLine(subject.kind, subject.code, subject.title, subject.own_minor, [])
        line = lines.setdefault(subject.id, fresh)
        if department is not None:
            line.shares.append((department, minor))
    return list(lines.values())


def get_profile(profile_id: int) -> RuleProfile:
    """The rule profile, or NotFoundError."""
    found = db.session.get(RuleProfile, profile_id)
    if found is None:
        raise NotFoundError
    return found


def find_profile_in_force(code: str, day: date) -> RuleProfile | None:
    """The version of the rule that is in force on ``day``, or None before the first."""
    statement = (
        select(RuleProfile)
        .where(RuleProfile.code == code, RuleProfile.in_force_from <= day)
        .order_by(RuleProfile.in_force_from.desc(), RuleProfile.version.desc())
        .limit(1)
    )
    return db.session.scalar(statement)


def find_newest_profile(code: str) -> RuleProfile | None:
    """The highest version of a rule, or None when there is none."""
    statement = select(RuleProfile).where(RuleProfile.code == code).order_by(RuleProfile.version.desc()).limit(1)
    return db.session.scalar(statement)


def rule_data(profile: RuleProfile) -> dict[str, Any]:
    """The rule as the object of a motion file."""
    found: dict[str, Any] = loads(profile.rule)
    return found


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """A version of a rule with the body that decides by it."""

    profile: RuleProfile
    body_name: str
    body_kind: BodyKind


def list_profiles() -> list[ProfileLine]:
    """Every version of every rule: by name, newest version first."""
    statement = (
        select(RuleProfile, BODIES.c.name, BODIES.c.kind)
        .join(BODIES, BODIES.c.id == RuleProfile.body_id)
        .order_by(RuleProfile.name, RuleProfile.code, RuleProfile.version.desc())
    )
    return [ProfileLine(*row) for row in db.session.execute(statement)]


def in_force(lines: Sequence[ProfileLine], day: date) -> dict[str, ProfileLine]:
    """The version of each rule, by its code, that is in force on ``day``, out of ``list_profiles``."""
    found: dict[str, ProfileLine] = {}
    for line in lines:
        profile, here = line.profile, found.get(line.profile.code)
        reached = (profile.in_force_from, profile.version)
        if profile.in_force_from <= day and (
            here is None or reached > (here.profile.in_force_from, here.profile.version)
        ):
            found[profile.code] = line
    return found
