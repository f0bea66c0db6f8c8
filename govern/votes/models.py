"""Motions, rule profiles, votes with their frozen rule and roll, ballots, decisions."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from govern.database import Instant, choice_type
from govern.extensions import Model
from govern.votes.rules import Choice, ElectorKind


class RuleProfile(Model):
    """A by-law rule as data: who votes, how it is counted, what follows. Versions are added, never edited.

    ``rule`` is the canonical JSON ``rule`` object of a motion file (``govern count``); ``counting`` is heads or weight.
    ``mandate_days``: how long members that need a resolution of their own organ must be given; 0 where none is asked.
    """

    __tablename__ = "rule_profile"
    __table_args__ = (UniqueConstraint("code", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    version: Mapped[int]
    name: Mapped[str]
    source: Mapped[str] = mapped_column(default="")
    rule: Mapped[str]
    counting: Mapped[str]
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    opening_days: Mapped[int] = mapped_column(default=14)
    review_days: Mapped[int] = mapped_column(default=15)
    mandate_days: Mapped[int] = mapped_column(default=0)
    in_force_from: Mapped[date]


class Motion(Model):
    """A proposed decision. The text is fixed once a vote on it has opened."""

    __tablename__ = "motion"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    text: Mapped[str]
    mover: Mapped[str] = mapped_column(default="")
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("motion.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)


class Subject(Model):
    """What a motion touches: a budget line, a standard, an admission. ``own_minor`` is the cluster's own share."""

    __tablename__ = "subject"
    __table_args__ = (UniqueConstraint("motion_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    motion_id: Mapped[int] = mapped_column(ForeignKey("motion.id"), index=True)
    kind: Mapped[str]
    code: Mapped[str]
    title: Mapped[str]
    own_minor: Mapped[int] = mapped_column(BigInteger, default=0)


class SubjectShare(Model):
    """A department's part in a subject: its co-funding in minor units (0 for a standard under its licences)."""

    __tablename__ = "subject_share"

    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True)
    minor: Mapped[int] = mapped_column(BigInteger, default=0)


class Vote(Model):
    """A ballot on a motion. From opening on, rule, text, roll and weights are frozen.

    ``closes_at`` is the first instant that is too late. The state follows from the clock: see rules.state_of.
    """

    __tablename__ = "vote"

    id: Mapped[int] = mapped_column(primary_key=True)
    motion_id: Mapped[int] = mapped_column(ForeignKey("motion.id"), index=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("rule_profile.id"))
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    counting: Mapped[str]
    rule: Mapped[str] = mapped_column(default="")
    rule_hash: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    text_hash: Mapped[str] = mapped_column(default="")
    record_date: Mapped[date | None]
    opens_at: Mapped[datetime | None] = mapped_column(Instant)
    closes_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    declared_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)


class Elector(Model):
    """One line of the frozen roll. Those without a vote stand on it too, with the reason."""

    __tablename__ = "elector"
    __table_args__ = (
        UniqueConstraint("vote_id", "code"),
        Index("ix_elector_member", "member_id", "vote_id"),
        Index("ix_elector_seat", "seat_id", "vote_id"),
        CheckConstraint("weight >= 0", name="weight"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    vote_id: Mapped[int] = mapped_column(ForeignKey("vote.id"))
    code: Mapped[str]
    label: Mapped[str]
    kind: Mapped[ElectorKind] = mapped_column(choice_type(ElectorKind))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id"))
    college: Mapped[str | None]
    category: Mapped[str | None]
    weight: Mapped[int]
    entitled: Mapped[bool] = mapped_column(default=True)
    reason: Mapped[str] = mapped_column(default="")
    recused: Mapped[bool] = mapped_column(default=False)
    recusal_ground: Mapped[str] = mapped_column(default="")
    casting: Mapped[bool] = mapped_column(default=False)
    block: Mapped[int | None]


class RollBlock(Model):
    """Entitled electors of a vote that are alike in everything a count looks at, with how many they are.

    Frozen with the roll. It lets a million ballots be counted from one index, without the roll.
    """

    __tablename__ = "roll_block"

    vote_id: Mapped[int] = mapped_column(ForeignKey("vote.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[ElectorKind] = mapped_column(choice_type(ElectorKind))
    college: Mapped[str | None]
    category: Mapped[str | None]
    weight: Mapped[int]
    recused: Mapped[bool]
    casting: Mapped[bool]
    electors: Mapped[int]


class Ballot(Model):
    """The one ballot of an elector; changing it replaces it. ``salt`` opens the commitment kept in the audit log.

    ``block`` repeats the elector's. Nobody votes for two electors of one vote (domain.md I7).
    """

    __tablename__ = "ballot"
    __table_args__ = (UniqueConstraint("vote_id", "user_id"), Index("ix_ballot_tally", "vote_id", "block", "choice"))

    elector_id: Mapped[int] = mapped_column(ForeignKey("elector.id"), primary_key=True, autoincrement=False)
    vote_id: Mapped[int] = mapped_column(ForeignKey("vote.id"))
    block: Mapped[int]
    choice: Mapped[Choice] = mapped_column(choice_type(Choice))
    cast_at: Mapped[datetime] = mapped_column(Instant)
    user_id: Mapped[int]
    salt: Mapped[str]
    receipt: Mapped[str]


class Decision(Model):
    """A declared result in the register: gapless number per year, the computed result, the hashes."""

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("year", "sequence"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    year: Mapped[int]
    sequence: Mapped[int]
    vote_id: Mapped[int] = mapped_column(ForeignKey("vote.id"), unique=True)
    title: Mapped[str]
    outcome: Mapped[str] = mapped_column(index=True)
    result: Mapped[str]
    result_hash: Mapped[str]
    decided_at: Mapped[datetime] = mapped_column(Instant)
    declared_at: Mapped[datetime] = mapped_column(Instant)
    declared_by: Mapped[str] = mapped_column(default="")
