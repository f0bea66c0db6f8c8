"""The tariff, the year's invoices, who paid and who did not."""

from datetime import date, timedelta
from functools import partial

from govern.demo.founding import World
from govern.demo.people import BANDS, CATEGORIES, FINANCE, ORGANISATIONS
from govern.demo.timeline import ZONE
from govern.dues.actions import adopt_tariff, cancel_invoice, issue_invoices, open_year, record_payment, reissue_invoice
from govern.dues.queries import find_open_invoice, list_assessments
from govern.kernel import clock
from govern.members.actions import report_units

MINOR = 100
WRONG_ROOMS = 160
RIGHT_ROOMS = 150
OVERPAID = 40 * MINOR
SLOW = ("M11", "M12", "M19")


def plan(world: World) -> None:
    """Add the money's events to the timeline."""
    line = world.timeline
    line.add(line.at(line.on(-325), 10), lambda: _adopt(world))
    line.add(line.at(line.on(-310), 10), lambda: _open(world))
    line.add(line.at(line.on(-300), 10), lambda: _invoice(world))
    line.add(line.at(line.on(-297), 10), lambda: _correct_rooms(world))
    for index, organisation in enumerate(o for o in ORGANISATIONS if o.code not in SLOW):
        line.add(line.at(line.on(-290 + index), 11), partial(_pay_in_full, world, organisation.code))
    line.add(line.at(line.on(-240), 11), lambda: _pay(world, "M11", 510 * MINOR))
    line.add(line.at(line.on(-230), 11), lambda: _pay(world, "M19", 225 * MINOR))
    for offset in (-200, -120):
        line.add(line.at(line.on(offset), 11), lambda: _pay(world, "M12", 200 * MINOR))


def _adopt(world: World) -> None:
    year = world.timeline.day.year
    adopt_tariff(
        world.staff(FINANCE),
        name=f"Tariff {year}",
        from_year=year - 1,
        currency="EUR",
        rules=[
            (world.categories[code], unit, fixed * MINOR, per_unit * MINOR, cap * MINOR)
            for code, (_name, unit, _college, fixed, per_unit, cap) in CATEGORIES.items()
        ],
        bands=[(None if below is None else below * MINOR, votes) for below, votes in BANDS],
        adopted_by="General assembly",
    )


def _open(world: World) -> None:
    """The year of D; the year before too when votes of the story were opened in it, since weights follow the year."""
    staff = world.staff(FINANCE)
    report_units(
        staff,
        world.members["M15"],
        year=world.timeline.day.year,
        units=WRONG_ROOMS,
        evidence="Declaration by telephone",
        reported_on=world.timeline.on(-311),
    )
    first_vote = world.timeline.on(-60).year
    for year in sorted({first_vote, world.timeline.day.year}):
        open_year(staff, year)


def _invoice(world: World) -> None:
    line = world.timeline
    ids = {code: world.members[code].id for code in SLOW}
    issue_invoices(
        world.staff(FINANCE),
        line.day.year,
        issued_on=line.on(-300),
        instalments={
            ids["M11"]: [(line.on(-245), 510 * MINOR), (line.on(-65), 510 * MINOR)],
            ids["M12"]: [(line.on(-205), 200 * MINOR), (line.on(-125), 200 * MINOR), *_later(line.day)],
            ids["M19"]: [(line.on(-235), 225 * MINOR), (line.on(-150), 225 * MINOR)],
        },
    )


def _later(day: date) -> list[tuple[date, int]]:
    return [(day + timedelta(days=offset), 200 * MINOR) for offset in (20, 80)]


def _correct_rooms(world: World) -> None:
    """M15 was billed for 160 rooms and has 150: the invoice is cancelled and another one issued."""
    staff, member = world.staff(FINANCE), world.members["M15"]
    year = world.timeline.day.year
    report_units(
        staff, member, year=year, units=RIGHT_ROOMS, evidence="Licence TE-0388", reported_on=world.timeline.on(-297)
    )
    invoice = find_open_invoice(member.id, year)
    if invoice is None:
        raise AssertionError("the story invoices M15 before it corrects the invoice")
    cancel_invoice(staff, invoice, reason="160 rooms billed, the licence says 150", on=world.timeline.on(-297))
    reissue_invoice(staff, invoice, issued_on=world.timeline.on(-297))


def _pay_in_full(world: World, code: str) -> None:
    amounts = {a.member_id: a.amount_minor for a in list_assessments(world.timeline.day.year)}
    _pay(world, code, amounts[world.members[code].id] + (OVERPAID if code == "M05" else 0))


def _pay(world: World, code: str, minor: int) -> None:
    record_payment(
        world.staff(FINANCE),
        world.members[code],
        received_on=clock.today(ZONE),
        amount_minor=minor,
        reference=f"Dues {code}",
    )
