"""Adopting a tariff and assessing members under it."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from sqlalchemy import insert, select

from govern.audit.actions import record
from govern.dues.models import Assessment, Tariff, TariffRule, WeightBand
from govern.dues.queries.invoices import find_open_invoice
from govern.dues.queries.tariffs import (
    find_assessment,
    find_payer,
    list_assessable,
    list_assessments,
    list_scales,
    tariff_of_year,
    terms_of,
)
from govern.dues.rules import (
    Assessable,
    Band,
    Computation,
    Scale,
    Terms,
    assess_all,
    category_shares,
    check_bands,
    check_category_cap,
    check_scale,
    compute,
    votes_for,
)
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Actor
from govern.kernel.canonical import canonical_text
from govern.kernel.errors import InputError, RuleBrokenError
from govern.ledger.actions import seed_chart
from govern.members.queries import Category, Member

RuleDraft = tuple[Category, str, int, int, int]
"""(category, unit, fixed, per unit, cap), amounts in minor units, cap 0 for none."""
BandDraft = tuple[int | None, int]
"""(dues below this many minor units, votes); None = the top band."""
THIRD = Fraction(1, 3)
LAST_DUE_DAY = 28


def adopt_tariff(  # noqa: PLR0913 - the fields of a tariff
    actor: Actor,
    *,
    name: str,
    from_year: int,
    currency: str,
    rules: Sequence[RuleDraft],
    bands: Sequence[BandDraft],
    adopted_by: str,
    due_month: int = 2,
    due_day: int = 28,
    start_up_years: int = 3,
    suspend_after_days: int = 90,
    exclude_after_days: int = 180,
    category_cap: Fraction | None = THIRD,
    half_after: tuple[int, int] | None = (7, 1),
    joining_fees: int = 1,
) -> Tariff:
    """The dues scale from ``from_year`` on, adopted by ``adopted_by`` (a decision); lays out the chart of accounts.

    ``half_after`` (month, day): who joins after it pays half in that year; None: never. ``joining_fees``: annual fees
    charged once on joining. RuleBrokenError on a scale or weight table that cannot work, or a second one for the year.
    """
    if db.session.scalar(select(Tariff.id).where(Tariff.from_year == from_year)) is not None:
        raise RuleBrokenError(f"There is a tariff from {from_year} on already.")
    scales = [(category, Scale(unit, fixed, price, cap)) for category, unit, fixed, price, cap in rules]
    for _category, scale in scales:
        check_scale(scale)
    check_bands([Band(below, votes) for below, votes in bands])
    if not 1 <= due_day <= LAST_DUE_DAY:
        raise RuleBrokenError("The due day is a day every month has, from 1 to 28.")
    seed_chart(actor)
    tariff = Tariff(
        name=name,
        from_year=from_year,
        currency=currency,
        adopted_by=adopted_by,
        due_month=due_month,
        due_day=due_day,
        start_up_years=start_up_years,
        suspend_after_days=suspend_after_days,
        exclude_after_days=exclude_after_days,
        category_cap="" if category_cap is None else str(category_cap),
        half_after_month=half_after[0] if half_after else 0,
        half_after_day=half_after[1] if half_after else 0,
        joining_fees=joining_fees,
    )
    db.session.add(tariff)
    db.session.flush()
    for category, scale in scales:
        db.session.add(
            TariffRule(
                tariff_id=tariff.id,
                category_id=category.id,
                unit=scale.unit,
                fixed_minor=scale.fixed_minor,
                per_unit_minor=scale.per_unit_minor,
                cap_minor=scale.cap_minor,
            )
        )
    db.session.execute(
        insert(WeightBand),
        [{"tariff_id": tariff.id, "below_minor": below, "votes": votes} for below, votes in bands],
    )
    db.session.flush()
    after = {
        "name": name,
        "from_year": from_year,
        "adopted_by": adopted_by,
        "scales": {c.code: [s.unit, s.fixed_minor, s.per_unit_minor, s.cap_minor] for c, s in scales},
        "bands": bands,
    }
    record(actor, "tariff.adopted", "tariff", tariff.id, after=after)
    return tariff


def open_year(actor: Actor, year: int) -> list[Assessment]:
    """Assess every member that belongs to the cluster in ``year`` and has no assessment yet; returns the new ones.

    InputError naming every member whose data do not allow it, with nothing made (S02). A second run makes nothing.
    """
    tariff = tariff_of_year(year)
    done = {assessment.member_id for assessment in list_assessments(year)}
    members = [member for member in list_assessable(year) if member.member_id not in done]
    found = compute_all(members, list_scales(tariff), year, terms_of(tariff))
    made = [_keep(actor, tariff, member, year, computed) for member, computed in found]
    if made:
        total = sum(assessment.amount_minor for assessment in made)
        record(actor, "year.opened", "fiscal_year", year, after={"assessments": len(made), "total_minor": total})
    return made


def compute_all(
    members: Sequence[Assessable], scales: dict[int, Scale], year: int, terms: Terms
) -> list[tuple[Assessable, Computation]]:
    """Every member's computation; InputError with one fault per member that cannot be assessed."""
    done, faults = assess_all(members, scales, year, terms)
    if faults:
        raise InputError(faults)
    return done


def assess(actor: Actor, tariff: Tariff, member: Assessable, year: int) -> Assessment:
    """Assess one member under ``tariff``; InputError when its data do not allow it."""
    ((_member, computed),) = compute_all([member], list_scales(tariff), year, terms_of(tariff))
    return _keep(actor, tariff, member, year, computed)


def _keep(actor: Actor, tariff: Tariff, member: Assessable, year: int, computed: Computation) -> Assessment:
    assessment = Assessment(
        member_id=member.member_id,
        year=year,
        tariff_id=tariff.id,
        amount_minor=computed.amount_minor,
        computation=lines_text(computed),
        assessed_at=clock.now(),
    )
    db.session.add(assessment)
    db.session.flush()
    after = {"member": member.code, "year": year, "amount_minor": computed.amount_minor}
    record(actor, "dues.assessed", "assessment", assessment.id, after=after)
    return assessment


def lines_text(computed: Computation) -> str:
    """How a computation is kept: canonical JSON, a list of {"text", "minor"}."""
    return canonical_text([{"text": line.text, "minor": line.minor} for line in computed.lines])


def reassess(actor: Actor, member: Member, year: int, *, reason: str) -> Assessment:
    """Compute the member's dues for ``year`` again from what is declared now; the log keeps the amount before.

    RuleBrokenError while a live invoice stands on the old figures, without a reason, or before the year was opened.
    """
    assessment = find_assessment(member.id, year)
    if assessment is None:
        raise RuleBrokenError(f"{member.name} has no assessment for {year}. Open the year first.")
    if find_open_invoice(member.id, year) is not None:
        raise RuleBrokenError("An invoice stands on these figures. Cancel it first, then assess again.")
    if not reason.strip():
        raise RuleBrokenError("Say why the dues are computed again.")
    tariff = tariff_of_year(year)
    ((_payer, computed),) = compute_all([find_payer(member.id, year)], list_scales(tariff), year, terms_of(tariff))
    before = {"amount_minor": assessment.amount_minor}
    assessment.amount_minor = computed.amount_minor
    assessment.computation = lines_text(computed)
    assessment.tariff_id = tariff.id
    assessment.assessed_at = clock.now()
    db.session.flush()
    after = {"amount_minor": computed.amount_minor, "reason": reason}
    record(actor, "dues.reassessed", "assessment", assessment.id, before=before, after=after)
    return assessment


def draft_tariff(  # noqa: PLR0913 - the fields of a tariff a person drafts
    actor: Actor,
    *,
    name: str,
    from_year: int,
    currency: str,
    rules: Sequence[RuleDraft],
    bands: Sequence[BandDraft],
    adopted_by: str,
    category_cap: Fraction | None = THIRD,
    as_of: date,
) -> Tariff:
    """``adopt_tariff`` for a table just written, refused when one category would hold too many votes (S01).

    The votes are those of the members on ``as_of``; members whose units are not declared yet count as far as the fixed
    part goes.
    """
    scales = {category.id: Scale(unit, fixed, price, cap) for category, unit, fixed, price, cap in rules}
    terms, table = Terms(currency), [Band(below, votes) for below, votes in bands]
    check_bands(table)
    shares = category_shares(
        (member.category, votes_for(compute(member, scales[member.category_id], from_year, terms).amount_minor, table))
        for member in list_assessable(as_of.year)
        if member.category_id in scales
    )
    check_category_cap(shares, category_cap)
    return adopt_tariff(
        actor,
        name=name,
        from_year=from_year,
        currency=currency,
        rules=rules,
        bands=bands,
        adopted_by=adopted_by,
        category_cap=category_cap,
    )
