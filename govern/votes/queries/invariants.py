"""Self-checks that ``govern check`` runs over rolls, ballots and decisions."""

from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import func, or_, select

from govern.audit.queries.payloads import read_afterwards
from govern.counting.errors import CountingError
from govern.extensions import db
from govern.kernel.canonical import canonical_text, digest, sha256_hex
from govern.kernel.errors import RuleBrokenError
from govern.kernel.findings import Finding
from govern.votes.models import Ballot, Decision, Elector, RollBlock, Vote
from govern.votes.queries.ballots import result_of
from govern.votes.rules import commitment, receipt

# The columns of the roll that its hash in the log covers (actions.opening).
FROZEN = (
    "code",
    "label",
    "kind",
    "member_id",
    "seat_id",
    "college",
    "category",
    "weight",
    "entitled",
    "reason",
    "recused",
    "recusal_ground",
    "casting",
    "vote_id",
)


def check_ballots() -> Finding:
    """Ballots are cast by entitled electors of that vote who are not recused, and while it is open."""
    wrong = or_(
        Elector.vote_id != Ballot.vote_id,
        Elector.entitled.is_(False),
        Elector.recused.is_(True),
        Vote.opens_at.is_(None),
        Ballot.cast_at < Vote.opens_at,
        Ballot.cast_at >= Vote.closes_at,
    )
    statement = (
        select(Ballot.vote_id, Elector.code)
        .join(Elector, Elector.id == Ballot.elector_id)
        .join(Vote, Vote.id == Ballot.vote_id)
        .where(wrong)
        .order_by(Ballot.vote_id, Elector.code)
    )
    faults = [
        f"Vote {vote_id}: the ballot of {code} was cast without a right to vote, or not while the vote was open."
        for vote_id, code in db.session.execute(statement)
    ]
    total = db.session.scalars(select(func.count()).select_from(Ballot)).one()
    return Finding("ballots: one for each elector, entitled, in time", total, faults)


def check_commitments() -> Finding:
    """Every ballot is the one whose commitment the audit log holds last for its elector."""
    logged: dict[tuple[int, str], str] = {}
    for vote_id, after in read_afterwards(("ballot.cast", "ballot.replaced")):
        logged[int(vote_id), after["elector"]] = after["commitment"]
    statement = (
        select(Ballot.vote_id, Elector.code, Ballot.choice, Ballot.salt, Ballot.receipt)
        .join(Elector, Elector.id == Ballot.elector_id)
        .order_by(Ballot.vote_id, Elector.code)
    )
    faults, seen = [], set()
    for key, code, choice, salt, shown in db.session.execute(statement):
        committed = commitment(key, code, choice, salt)
        seen.add((key, code))
        if logged.get((key, code)) != committed or receipt(committed) != shown:
            faults.append(f"Vote {key}: the ballot of {code} is not the one that the audit log recorded.")
    missing = sorted(set(logged) - seen)
    faults += [
        f"Vote {vote_id}: the ballot of {code} is in the audit log and not among the ballots."
        for vote_id, code in missing
    ]
    return Finding("ballots: as committed to in the audit log", len(seen), faults)


def check_frozen() -> Finding:
    """Rule, text and roll of every opened vote are those whose hashes were logged at its opening."""
    logged = {int(vote_id): after for vote_id, after in read_afterwards(("vote.opened",))}
    votes = db.session.scalars(select(Vote).where(Vote.opens_at.is_not(None)).order_by(Vote.id)).all()
    faults = [fault for vote in votes for fault in _thawed(vote, logged.get(vote.id, {}))]
    return Finding("votes: rule, text and roll as frozen at opening", len(votes), faults)


def _thawed(vote: Vote, logged: dict[str, object]) -> Iterator[str]:
    found = {
        "rule": (sha256_hex(vote.rule.encode()), vote.rule_hash, logged.get("rule_hash")),
        "text": (sha256_hex(vote.text.encode()), vote.text_hash, logged.get("text_hash")),
        "roll": (_roll_hash(vote.id), logged.get("roll_hash")),
    }
    for what, hashes in found.items():
        if len(set(hashes)) > 1:
            yield f"Vote {vote.id}: its {what} is not the one that was frozen at opening."


def _roll_hash(vote_id: int) -> str:
    electors = db.session.scalars(select(Elector).where(Elector.vote_id == vote_id).order_by(Elector.id))
    return digest([{name: getattr(elector, name) for name in FROZEN} for elector in electors])


def check_blocks() -> Finding:
    """The blocks from which votes are counted say what the roll says, and each ballot stands in its elector's."""
    like = (
        RollBlock.kind,
        RollBlock.college,
        RollBlock.category,
        RollBlock.weight,
        RollBlock.recused,
        RollBlock.casting,
    )
    same = [getattr(Elector, column.key).is_not_distinct_from(column) for column in like]
    members = (
        select(func.count())
        .where(
            Elector.vote_id == RollBlock.vote_id, Elector.block == RollBlock.number, Elector.entitled.is_(True), *same
        )
        .correlate(RollBlock)
        .scalar_subquery()
    )
    wrong = select(RollBlock.vote_id, RollBlock.number).where(RollBlock.electors != members)
    faults = [
        f"Vote {vote_id}: block {number} of its roll does not hold the electors it says."
        for vote_id, number in db.session.execute(wrong.order_by(RollBlock.vote_id, RollBlock.number))
    ]
    astray = (
        select(Ballot.vote_id, Elector.code)
        .join(Elector, Elector.id == Ballot.elector_id)
        .where(Elector.block.is_distinct_from(Ballot.block))
        .order_by(Ballot.vote_id, Elector.code)
    )
    faults += [
        f"Vote {key}: the ballot of {code} is counted in another block." for key, code in db.session.execute(astray)
    ]
    total = db.session.scalars(select(func.count()).select_from(RollBlock)).one()
    return Finding("votes: blocks of the roll as counted", total, faults)


def check_numbers() -> Finding:
    """Decisions of each year are numbered from 1 on without a gap."""
    rows = db.session.execute(
        select(Decision.year, Decision.sequence, Decision.number).order_by(Decision.year, Decision.sequence)
    ).all()
    faults: list[str] = []
    for year, numbered in groupby(rows, key=lambda row: row[0]):
        sequences = [row[1] for row in numbered]
        gaps = sorted(set(range(1, max(sequences) + 1)) - set(sequences))
        faults += [f"Decision {year}-{gap:03} is missing." for gap in gaps]
    return Finding("decisions: numbered without a gap", len(rows), faults)


def check_results() -> Finding:
    """Every stored result is what the ballots give when they are counted again."""
    faults = []
    rows = db.session.execute(
        select(Decision, Vote).join(Vote, Vote.id == Decision.vote_id).order_by(Decision.id)
    ).all()
    for decision, vote in rows:
        if sha256_hex(decision.result.encode()) != decision.result_hash or decision.result != _recounted(vote):
            faults.append(f"Decision {decision.number}: the stored result is not what the ballots give.")
    return Finding("decisions: stored result equals a recount", len(rows), faults)


def _recounted(vote: Vote) -> str:
    try:
        return canonical_text(result_of(vote).to_dict())
    except (CountingError, RuleBrokenError) as refused:
        return str(refused)


CHECKS = (check_ballots, check_commitments, check_frozen, check_blocks, check_numbers, check_results)
