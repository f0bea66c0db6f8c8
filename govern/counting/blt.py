"""Reads the STV exchange format (.blt): counts, seats, withdrawn candidates, papers, names and a title.

Read are: ``#`` comments, a byte order mark, withdrawn candidates as negative numbers or ``[withdrawn 4 7]``, a lot
as ``[tie 3 1 2]``, equal ranks as ``2=3``, papers over several lines, names with doubled quotes, a title that is
unquoted or missing.
"""

from dataclasses import dataclass, field
from math import lcm

from govern.counting.ballots import (
    LARGEST_DENOMINATOR,
    MOST_OPTIONS,
    Ballots,
    Pile,
    Ranking,
    Weight,
    add_paper,
    whole_if_possible,
)
from govern.counting.document import decode, name_fault
from govern.counting.errors import CountingError, Faults, refuse
from govern.counting.numbers import MOST_DIGITS, NumberFormatError, parse_number, shorten


def read_blt(data: bytes, file: str) -> Ballots:
    """Read the bytes of a .blt file; raise `CountingError` with every fault."""
    lines = decode(data, file).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    reader = _Reader(file, lines, Faults(file))
    names_from = reader.read_papers()
    names, title = _read_names(lines, names_from, len(reader.known), reader.faults)
    if len(reader.withdrawn) == len(names):
        reader.faults.add("", "withdraws every candidate", "Leave at least one standing.")
    reader.faults.check()
    ballots = Ballots(file, names, reader.seats, title, (), reader.tie_order, frozenset(reader.withdrawn))
    for ranking, pile in reader.papers.items():
        kept = (tuple(option for option in rank if option not in reader.withdrawn) for rank in ranking)
        add_paper(ballots.rankings, tuple(rank for rank in kept if rank), pile.weight, pile.where)
    return ballots


@dataclass(slots=True)
class _Reader:
    """Reads the numbers, from the first line to the 0 that closes the papers."""

    file: str
    lines: list[str]
    faults: Faults
    seats: int = 0
    known: dict[str, int] = field(default_factory=dict)
    withdrawn: set[int] = field(default_factory=set)
    tie_order: tuple[int, ...] = ()
    papers: dict[Ranking, Pile] = field(default_factory=dict)
    common: int = 1

    def read_papers(self) -> int:
        """Return the number of the line on which the names begin, counted from 0."""
        open_paper: list[str] = []
        seen: dict[str, tuple[Pile, Weight]] = {}
        for number, line in enumerate(self.lines):
            again = seen.get(line)
            if again is not None and not open_paper:
                again[0].weight += again[1]
                continue
            tokens = self._tokens(line, number)
            if tokens and not self.known:
                tokens = self._head(tokens, number)
            closed = self._read_tokens(tokens, open_paper, number)
            if closed is None:
                return number + 1
            if closed and len(closed) == len(tokens) - 1 and not open_paper:
                self._remember(seen, line, closed)
        raise refuse(self.file, "", "ends before the 0 that closes the papers", "Check that the file is complete.")

    def _remember(self, seen: dict[str, tuple[Pile, Weight]], line: str, tokens: list[str]) -> None:
        """Note a line that is one whole paper, so that the same line need not be read again."""
        ranking = self._ranking(tokens[1:])
        if ranking is not None and ranking in self.papers:
            seen[line] = self.papers[ranking], whole_if_possible(parse_number(tokens[0]))

    def _tokens(self, line: str, number: int) -> list[str]:
        text = line.split("#", 1)[0]
        if '"' in text:
            wrong = "holds a name, but the papers are not yet closed"
            raise refuse(self.file, f"line {number + 1}", wrong, "End the papers with a line 0.")
        if text.lstrip().startswith("["):
            self._option(text.strip(), number)
            return []
        return text.split()

    def _head(self, tokens: list[str], number: int) -> list[str]:
        where = f"line {number + 1}"
        if len(tokens) < 2 or not all(_is_count(token) for token in tokens[:2]):  # noqa: PLR2004 - candidates and seats
            said = shorten(" ".join(tokens))
            raise refuse(self.file, where, f"is {said}", "Begin with the numbers of candidates and seats.")
        candidates, self.seats = int(tokens[0]), int(tokens[1])
        if not 1 <= candidates <= MOST_OPTIONS:
            raise refuse(self.file, where, f"names {candidates} candidates", f"Give 1 to {MOST_OPTIONS}.")
        if self.seats < 1:
            self.faults.add(where, "names 0 seats", "Give at least one seat.")
        self.known = {str(place + 1): place for place in range(candidates)}
        return tokens[2:]

    def _read_tokens(self, tokens: list[str], open_paper: list[str], number: int) -> list[str] | None:
        """Read one line's tokens; return the last paper closed on it, or None where the papers end."""
        closed: list[str] = []
        for place, token in enumerate(tokens):
            if token != "0":  # noqa: S105 - the end marker of the format
                if not open_paper and token.startswith("-"):
                    self._withdraw([token[1:]], number)
                else:
                    open_paper.append(token)
            elif open_paper:
                closed = list(open_paper)
                open_paper.clear()
                self._paper(closed, number)
            else:
                if tokens[place + 1 :]:
                    self.faults.add(f"line {number + 1}", "goes on after the 0 that closes the papers", "End the line.")
                return None
        return closed

    def _paper(self, tokens: list[str], number: int) -> None:
        where = f"line {number + 1}"
        try:
            weight = parse_number(tokens[0])
        except NumberFormatError as error:
            self.faults.add(where, f"the count {error}", "Begin each paper with its count.")
            return
        if weight <= 0:
            self.faults.add(where, f"the count is {weight}", "Give a count above 0.")
            return
        self.common = lcm(self.common, weight.denominator)
        if self.common > LARGEST_DENOMINATOR:
            raise refuse(self.file, where, "makes the fractions too unlike", "Use fewer different denominators.")
        ranking = self._ranking(tokens[1:])
        if ranking is None:
            self._explain(tokens[1:], where)
        else:
            add_paper(self.papers, ranking, whole_if_possible(weight), where)

    def _ranking(self, tokens: list[str]) -> Ranking | None:
        """Return the ranks, or None where a candidate is unknown or stands there twice."""
        known = self.known
        try:
            ranks = tuple([tuple([known[part] for part in token.split("=")]) for token in tokens])
        except KeyError:
            return None
        flat = [option for rank in ranks for option in rank]
        return tuple([tuple(sorted(rank)) for rank in ranks]) if len(set(flat)) == len(flat) else None

    def _explain(self, tokens: list[str], where: str) -> None:
        seen: set[str] = set()
        for part in (part for token in tokens for part in token.split("=")):
            if part not in self.known:
                self.faults.add(where, f"{shorten(part)} is no candidate", f"Use the numbers 1 to {len(self.known)}.")
            elif part in seen:
                self.faults.add(where, f"candidate {part} is ranked twice", "Rank each candidate once.")
            seen.add(part)

    def _option(self, text: str, number: int) -> None:
        words = text.removeprefix("[").removesuffix("]").split()
        if words[:1] == ["withdrawn"] and text.endswith("]"):
            self._withdraw(words[1:], number)
        elif words[:1] == ["tie"] and text.endswith("]") and set(words[1:]) == set(self.known):
            self.tie_order = tuple(dict.fromkeys(self.known[word] for word in words[1:]))
        else:
            self.faults.add(
                f"line {number + 1}",
                f"is {shorten(text)}, which is not read",
                "Use [withdrawn ...] or a complete [tie ...].",
            )

    def _withdraw(self, words: list[str], number: int) -> None:
        for word in words:
            if word in self.known:
                self.withdrawn.add(self.known[word])
            else:
                self.faults.add(
                    f"line {number + 1}",
                    f"withdraws {shorten(word)}, no candidate",
                    f"Use the numbers 1 to {len(self.known)}.",
                )


def _is_count(token: str) -> bool:
    return token.isascii() and token.isdigit() and len(token) <= MOST_DIGITS


def _read_names(lines: list[str], start: int, candidates: int, faults: Faults) -> tuple[tuple[str, ...], str]:
    rows = [(number + 1, _strings(lines[number], number + 1, faults)) for number in range(start, len(lines))]
    rows = [(number, row) for number, row in rows if row]
    if len(rows) in {candidates, candidates + 1}:
        flat = [(number, " ".join(row)) for number, row in rows]
    else:
        flat = [(number, text) for number, row in rows for text in row]
    if len(flat) not in {candidates, candidates + 1}:
        where = f"line {flat[-1][0]}" if len(flat) > candidates else f"line {len(lines)}"
        wrong = f"there are {len(flat)} names for {candidates} candidates"
        faults.add(where, wrong, "Give one name for each candidate, and at most a title after them.")
        raise CountingError(faults.found)
    _check_names(flat[:candidates], faults)
    title = flat[candidates][1] if len(flat) > candidates else ""
    if title and name_fault(title):
        faults.add(f"line {flat[candidates][0]}", f"the title {name_fault(title)}", "Write it as one line of text.")
    return tuple(name for _, name in flat[:candidates]), title


def _check_names(names: list[tuple[int, str]], faults: Faults) -> None:
    first: dict[str, int] = {}
    for number, name in names:
        wrong = name_fault(name)
        if wrong:
            faults.add(f"line {number}", f"the name {wrong}", "Write it as one line of text.")
        elif first.setdefault(name, number) != number:
            faults.add(f"line {number}", f"{shorten(name)} is already on line {first[name]}", "Give each its own name.")


def _strings(line: str, number: int, faults: Faults) -> list[str]:
    """Return the quoted strings of a line, or the whole line where it is not quoted; comments are left out."""
    text = line.strip()
    if not text.startswith('"'):
        plain = text.split("#", 1)[0].strip()
        return [plain] if plain else []
    found: list[str] = []
    while text.startswith('"'):
        end = _closing_quote(text)
        if end is None:
            faults.add(f"line {number}", "opens a quote that is not closed", "Close it on the same line.")
            return [*found, text]
        found.append(text[1:end].replace('""', '"'))
        text = text[end + 1 :].strip()
    if text and not text.startswith("#"):
        faults.add(
            f"line {number}", f"goes on with {shorten(text)} after the name", 'Double a quote inside a name: "".'
        )
    return found


def _closing_quote(text: str) -> int | None:
    place = 1
    while True:
        place = text.find('"', place)
        if place < 0:
            return None
        if text[place + 1 : place + 2] != '"':
            return place
        place += 2
