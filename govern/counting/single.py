"""Plurality, approval and score: the highest totals win, with seats that only some options may fill."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from govern.counting.ballots import Ballots, Reserved, Weight
from govern.counting.errors import Faults, refuse
from govern.counting.numbers import readable
from govern.counting.result import CountResult, named, only_papers, totals_by_name
from govern.counting.ties import Outcome, listing


def count_plurality(ballots: Ballots, seats: int) -> CountResult:
    """Count one mark for each paper: a ranking's single first option, or an approve list of one."""
    only_papers(ballots, "plurality", "ranking/approve")
    faults = Faults(ballots.file)
    totals = _zero(ballots)
    for ranking, pile in ballots.rankings.items():
        first = ranking[0] if ranking else ()
        _one_mark(totals, first, pile.weight, pile.where, faults)
    for marks, pile in ballots.approvals.items():
        _one_mark(totals, marks, pile.weight, pile.where, faults)
    faults.check()
    return _seat("plurality", ballots, totals, seats, "votes")


def count_approval(ballots: Ballots, seats: int) -> CountResult:
    """Count a mark for every option a paper approves."""
    only_papers(ballots, "approval", "approve")
    totals = _zero(ballots)
    for marks, pile in ballots.approvals.items():
        for option in marks:
            if option in totals:
                totals[option] += pile.weight
    return _seat("approval", ballots, totals, seats, "marks")


def count_score(ballots: Ballots, seats: int) -> CountResult:
    """Add the scores; an option a paper does not score gets 0 from it."""
    only_papers(ballots, "score", "scores")
    if ballots.reserved:
        raise refuse(
            ballots.file, "reserved", "is not counted by score", "Use approval or plurality for reserved seats."
        )
    totals = _zero(ballots)
    for scores, pile in ballots.scores.items():
        for option, score in scores:
            totals[option] += score * pile.weight
    return _seat("score", ballots, totals, seats, "points")


def _zero(ballots: Ballots) -> dict[int, Fraction]:
    return dict.fromkeys(ballots.standing, Fraction(0))


def _one_mark(totals: dict[int, Fraction], marks: tuple[int, ...], weight: Weight, where: str, faults: Faults) -> None:
    if len(marks) > 1:
        faults.add(where, f"marks {len(marks)} options first", "Plurality reads one single option on each ballot.")
    elif marks and marks[0] in totals:
        totals[marks[0]] += weight


class _Seats:
    """Which options can sit together: each needs a seat of its own that it may fill."""

    def __init__(self, seats: int, reserved: tuple[Reserved, ...], options: Iterable[int]) -> None:
        # Place 0 holds the seats anybody may fill; an option tries its reserved places first.
        self.room = [seats - sum(each.seats for each in reserved), *(each.seats for each in reserved)]
        self.may = {
            option: [*(n for n, each in enumerate(reserved, 1) if option in each.options), 0] for option in options
        }
        self.sitting: list[list[int]] = [[] for _ in self.room]

    def fits(self, options: Sequence[int]) -> bool:
        """Return whether all of `options` can sit beside those sitting already."""
        before = [list(place) for place in self.sitting]
        fits = all(self.sit(option) for option in options)
        self.sitting = before
        return fits

    def most(self, options: Sequence[int]) -> list[int]:
        """Return as many of `options`, the earlier first, as can sit beside those sitting already."""
        before = [list(place) for place in self.sitting]
        found = [option for option in options if self.sit(option)]
        self.sitting = before
        return found

    def sit(self, option: int) -> bool:
        """Give `option` a seat, moving others between the seats they may fill; return whether there was one."""
        return self._find(option, set())

    def _find(self, option: int, tried: set[int]) -> bool:
        for place in self.may[option]:
            if place in tried:
                continue
            tried.add(place)
            here = self.sitting[place]
            if len(here) < self.room[place]:
                here.append(option)
                return True
            for other in here:
                if self._find(other, tried):
                    here.remove(other)
                    here.append(option)
                    return True
        return False

    def tied_sets(self, level: Sequence[int], seated: Sequence[int]) -> list[list[int]]:
        """Split `level` into sets whose members compete with each other for seats; a set of one is certain.

        `seated` are those of `level` that sit if the earlier go first. Two options compete when one could sit in the
        other's place without a third having to leave.
        """
        sets = {option: {option} for option in level}
        for option in level:
            if option in seated:
                continue
            for other in seated:
                rest = [each for each in seated if each != other]
                if self.fits([*rest, option]) and sets[option] is not sets[other]:
                    sets[option] |= sets[other]
                    for each in sets[option]:
                        sets[each] = sets[option]
        unique = {id(found): found for found in sets.values()}
        return sorted(sorted(found) for found in unique.values())


@dataclass(slots=True)
class _Level:
    """The options of one total: who is seated for certain, who competes openly, and what is said about it."""

    won: list[int]
    ties: list[tuple[int, ...]]
    steps: list[str]


def _seat_level(places: _Seats, level: Sequence[int], ballots: Ballots, reached: str) -> _Level:
    able = [option for option in level if places.fits([option])]
    seated = places.most(able)
    found = _Level([], [], [])
    if len(seated) == len(able):
        found.won = _by_order(able, ballots.tie_order)
    else:
        for tied in places.tied_sets(able, seated):
            _settle(places, tied, found, ballots, reached)
    for option in [*found.won, *(each for tied in found.ties for each in places.most(tied))]:
        places.sit(option)
    return found


def _settle(places: _Seats, tied: list[int], found: _Level, ballots: Ballots, reached: str) -> None:
    if len(tied) == 1:
        found.won.extend(tied)
        return
    winners = places.most(_by_order(tied, ballots.tie_order))
    start = (
        f"Tie between {listing(ballots.names(tied))} with {reached} for {len(winners)} seat{'s'[: len(winners) - 1]}"
    )
    if set(tied) <= set(ballots.tie_order):
        found.won.extend(winners)
        found.steps.append(f"{start}: by the tie order {listing(ballots.names(winners))} won.")
    else:
        found.ties.append(tuple(tied))
        found.steps.append(f"{start}: settled neither by the method nor by a tie order, so it stays open.")


def _by_order(options: Sequence[int], order: tuple[int, ...]) -> list[int]:
    place = {option: number for number, option in enumerate(order)}
    return sorted(options, key=lambda option: (place.get(option, len(place)), option))


def _seat(method: str, ballots: Ballots, totals: dict[int, Fraction], seats: int, unit: str) -> CountResult:
    _check_reserved(ballots, seats)
    places = _Seats(seats, ballots.reserved, totals)
    winners: list[int] = []
    ties: list[tuple[int, ...]] = []
    steps = [f"Papers: {readable(ballots.total())}. Seats: {seats}."]
    for total in sorted(set(totals.values()), reverse=True):
        reached = f"{readable(total)} {unit}"
        level = [option for option, each in totals.items() if each == total]
        found = _seat_level(places, level, ballots, reached)
        steps += [f"{listing(ballots.names(level))}: {reached}{_elected(ballots, level, found.won)}.", *found.steps]
        winners += found.won
        ties += found.ties
    vacant = seats - sum(len(place) for place in places.sitting)
    if vacant:
        steps.append(f"Seats that stay vacant: {vacant}.")
    figures: dict[str, object] = {"totals": totals_by_name(ballots.options, totals)}
    return named(method, seats, ballots.options, Outcome(tuple(winners), tuple(ties), tuple(steps), figures))


def _elected(ballots: Ballots, level: Sequence[int], won: Sequence[int]) -> str:
    if not won:
        return ""
    if len(won) == len(level):
        return ", elected" if len(won) == 1 else " each, all elected"
    return f" each; elected: {listing(ballots.names(won))}"


def _check_reserved(ballots: Ballots, seats: int) -> None:
    reserved = sum(each.seats for each in ballots.reserved)
    if reserved > seats:
        wrong = f"asks for {reserved} seats, but there are {seats}"
        raise refuse(ballots.file, "reserved", wrong, "Reserve at most as many seats as there are.")
