"""Organs of the cluster and their seats. Who holds a seat is an appointment (accounts)."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from govern.bodies.rules import BodyKind
from govern.database import choice_type
from govern.extensions import Model


class Body(Model):
    """An organ: assembly, board, committee, panel."""

    __tablename__ = "body"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[BodyKind] = mapped_column(choice_type(BodyKind))


class Seat(Model):
    """A seat of a body. ``member_id``: the member whose person sits there, empty for an independent."""

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("body_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    position: Mapped[int]
    label: Mapped[str]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    college_id: Mapped[int | None] = mapped_column(ForeignKey("college.id"))
    votes: Mapped[bool] = mapped_column(default=True)
    is_chair: Mapped[bool] = mapped_column(default=False)
