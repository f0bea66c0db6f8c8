"""Tariffs, what they are applied to, and the votes that follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import func, or_, select

from govern.dues.models import Assessment, Tariff, TariffRule, WeightBand
from govern.dues.rules import Assessable, Band, Scale, Terms, votes_for
from govern.extensions import db
from govern.kernel.errors import NotFoundError, RuleBrokenError
from govern.members.queries import get_payer, list_payers


def find_tariff(year: int) -> Tariff | None:
    """The tariff that applies in ``year``: the newest one adopted for it or for a year before."""
    return db.session.scalar(select(Tariff).where(Tariff.from_year <= year).order_by(Tariff.from_year.desc()).limit(1))


def tariff_of_year(year: int) -> Tariff:
    """The tariff that applies in ``year``; RuleBrokenError when there is none."""
    found = find_tariff(year)
    if found is None:
        raise RuleBrokenError(f"There is no tariff for {year}. Adopt one first.")
    return found


def get_tariff(tariff_id: int) -> Tariff:
    """The tariff, or NotFoundError."""
    found = db.session.get(Tariff, tariff_id)
    if found is None:
        raise NotFoundError
    return found


def list_tariffs() -> Sequence[Tariff]:
    """All tariffs, newest first."""
    return db.session.scalars(select(Tariff).order_by(Tariff.from_year.desc())).all()


def terms_of(tariff: Tariff) -> Terms:
    """The terms of a tariff as its rules read them."""
    half_after = (tariff.half_after_month, tariff.half_after_day) if tariff.half_after_month else None
    return Terms(tariff.currency, half_after, tariff.start_up_years)


def list_scales(tariff: Tariff) -> dict[int, Scale]:
    """The tariff's scales by category."""
    rules = db.session.scalars(select(TariffRule).where(TariffRule.tariff_id == tariff.id).order_by(TariffRule.id))
    return {rule.category_id: Scale(rule.unit, rule.fixed_minor, rule.per_unit_minor, rule.cap_minor) for rule in rules}


def list_bands(tariff: Tariff) -> list[Band]:
    """The tariff's weight table, rising; empty when it gives no votes."""
    bands = db.session.scalars(select(WeightBand).where(WeightBand.tariff_id == tariff.id).order_by(WeightBand.id))
    return [Band(band.below_minor, band.votes) for band in bands]


def list_assessable(year: int) -> list[Assessable]:
    """Members to be assessed for ``year``, by code."""
    return [_assessable(row) for row in list_payers(year)]


def find_payer(member_id: int, year: int) -> Assessable:
    """One member as its assessment for ``year`` reads it, whatever its status; NotFoundError when unknown."""
    return _assessable(get_payer(member_id, year))


def _assessable(row: Any) -> Assessable:
    return Assessable(row.id, row.code, row.name, row.category_id, row.category, row.joined_on, row.start_up, row.units)


def list_assessments(year: int) -> Sequence[Assessment]:
    """Assessments of ``year`` in the order they were made."""
    return db.session.scalars(select(Assessment).where(Assessment.year == year).order_by(Assessment.id)).all()


def find_assessment(member_id: int, year: int) -> Assessment | None:
    """The member's assessment for ``year``, or None."""
    return db.session.scalar(select(Assessment).where(Assessment.member_id == member_id, Assessment.year == year))


@dataclass(frozen=True, slots=True)
class Share:
    """A member's assessment for a year and the votes it gives (0 without a weight table)."""

    assessment: Assessment
    votes: int


def find_share(member_id: int, year: int) -> Share | None:
    """The member's assessment for ``year`` with its votes, or None. One statement."""
    band = (
        select(WeightBand.votes)
        .where(
            WeightBand.tariff_id == Assessment.tariff_id,
            or_(WeightBand.below_minor.is_(None), Assessment.amount_minor < WeightBand.below_minor),
        )
        .order_by(WeightBand.id)
        .limit(1)
        .scalar_subquery()
    )
    statement = select(Assessment, func.coalesce(band, 0))
    found = db.session.execute(statement.where(Assessment.member_id == member_id, Assessment.year == year)).first()
    return Share(*found) if found is not None else None


def weights(year: int) -> dict[int, int]:
    """Votes of each member assessed for ``year``, by the bands of the tariff its assessment was made under."""
    rows = db.session.execute(
        select(Assessment.member_id, Assessment.amount_minor, Assessment.tariff_id).where(Assessment.year == year)
    ).all()
    bands: dict[int, list[Band]] = {}
    if rows:
        tariffs = {row.tariff_id for row in rows}
        found = select(WeightBand).where(WeightBand.tariff_id.in_(tariffs)).order_by(WeightBand.id)
        for band in db.session.scalars(found):
            bands.setdefault(band.tariff_id, []).append(Band(band.below_minor, band.votes))
    return {row.member_id: votes_for(row.amount_minor, bands[row.tariff_id]) for row in rows if row.tariff_id in bands}


def category_cap(year: int) -> Fraction | None:
    """The largest share of the votes one category may hold in ``year``, or None when there is no limit."""
    tariff = find_tariff(year)
    return Fraction(tariff.category_cap) if tariff is not None and tariff.category_cap else None
