"""The votes of the story come out as stated, from opening to the numbered decision; and others fail by a hair."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from json import loads

import pytest

from govern.counting.electors import parse_motion
from govern.counting.motion import count_motion
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.canonical import canonical_text, sha256_hex
from govern.kernel.errors import InputError, RuleBrokenError
from govern.members.models import Category, Member
from govern.votes import actions, handlers, queries
from govern.votes.actions import declaring
from govern.votes.models import Elector
from govern.votes.rules import SubjectDraft
from tests import factories
from tests.areas import votes_material as story
from tests.areas.votes_material import ABSTAIN, ADMISSION, BUDGET, NO, STANDARD, STATUTES, YES

pytestmark = pytest.mark.usefixtures("app", "at_d")


def held(house, rule, counting="heads", *, recusals=None, default=YES, **votes):
    vote = story.open_now(house, story.prepare(house, story.adopt(house, rule, counting=counting)), recusals=recusals)
    story.cast_all(house, vote, default, **votes)
    return vote


def result(vote):
    with story.after_closing(vote):
        return queries.result_of(vote).to_dict()


def colleges(found):
    return {each["college"]: (each["yes"], each["no"], each["holds"]) for each in found["colleges"]}


def test_v1_care_standard():
    house = story.found(weights=False)
    no = dict.fromkeys(("M07", "M09", "M18"), NO)
    found = result(held(house, STANDARD, M11=None, M15=None, M12=ABSTAIN, **no))
    members, bound = found["criteria"]
    assert found["outcome"] == "adopted"
    assert (members["yes"], members["no"], members["abstain"], members["base"]) == ("17", "3", "1", "20")
    assert Fraction(members["yes"]) / Fraction(members["base"]) == Fraction(85, 100)
    assert (bound["yes"], bound["no"], bound["holds"]) == ("8", "2", True)
    assert (found["quorum"][0]["took_part"], found["quorum"][0]["entitled"]) == ("21", "23")
    assert [q["holds"] for q in found["quorum"]] == [True] * 4


def test_v2_budget():
    house = story.found()
    no = dict.fromkeys(("M02", "M04", "M09", "M15"), NO)
    found = result(held(house, BUDGET, "weight", M22=None, M11=ABSTAIN, **no))
    (votes,) = found["criteria"]
    (quorum,) = found["quorum"]
    assert found["outcome"] == "adopted"
    assert (votes["yes"], votes["no"], votes["abstain"], votes["base"]) == ("41", "11", "2", "52")
    assert (quorum["took_part"], quorum["entitled"], quorum["needed"]) == ("54", "58", "29")
    assert colleges(found) == {"I": ("8", "3", True), "II": ("5", "1", True), "III": ("4", "0", True)}


def test_v2b_line_l3_with_two_recused():
    house = story.found()
    absent = dict.fromkeys(("M09", "M12", "M23", "M17", "M18"))
    recusals = {"M17": "supplier for line L3", "M18": "supplier for line L3"}
    found = result(held(house, BUDGET, "weight", recusals=recusals, M15=NO, M02=NO, M03=ABSTAIN, **absent))
    (votes,) = found["criteria"]
    (quorum,) = found["quorum"]
    assert found["outcome"] == "adopted"
    assert (votes["yes"], votes["no"], votes["abstain"], votes["base"]) == ("40", "7", "3", "47")
    assert (quorum["took_part"], quorum["entitled"]) == ("50", "54")
    assert colleges(found) == {"I": ("8", "1", True), "II": ("3", "1", True), "III": ("4", "0", True)}


@pytest.mark.parametrize(("recused", "outcome"), [(True, "adopted"), (False, "rejected")])
def test_v4_admission_by_the_board(recused, outcome):
    house = story.found(weights=False, board=True)
    seats = {name: f"S{seat.id}" for name, seat in house.seats.items()}
    grounds = {seats["M06"]: "competitor", seats["M17"]: "partner of a competitor"} if recused else {}
    vote = story.prepare(house, story.adopt(house, ADMISSION, body=house.board))
    story.open_now(house, vote, days=1, recusals=grounds)
    for name in ("chair", "M01", "M10", "M20", "M23"):
        actions.cast_ballot(house.seat(name), vote, YES)
    for name in ("M03", "M13") if recused else ("M03", "M13", "M06", "M17"):
        actions.cast_ballot(house.seat(name), vote, NO)
    found = result(vote)
    (seats_vote,) = found["criteria"]
    assert (seats_vote["yes"], seats_vote["no"]) == ("5", "2" if recused else "4")
    assert found["outcome"] == outcome


def test_v6a_statutes_without_quorum():
    house = story.found(weights=False)
    absent = dict.fromkeys(("M02", "M04", "M08", "M11", "M15", "M18", "M22", "M24"))
    found = result(held(house, STATUTES, **absent))
    (quorum,) = found["quorum"]
    assert found["outcome"] == "no_quorum"
    assert (quorum["took_part"], quorum["entitled"], quorum["needed"]) == ("15", "23", "46/3")


def test_s46_who_pays_does_not_decide_alone():
    house = story.found()
    care_and_city = dict.fromkeys([f"M{n:02}" for n in range(1, 13)] + ["M20"], YES)
    found = result(held(house, BUDGET, "weight", default=NO, **care_and_city))
    (votes,) = found["criteria"]
    assert (votes["yes"], votes["base"], votes["holds"]) == ("33", "58", True)
    assert [each["holds"] for each in found["colleges"]] == [True, False, False]
    assert found["outcome"] == "rejected"


def test_r03_the_bound_college_must_agree():
    house = story.found(weights=False)
    found = result(held(house, STANDARD, **dict.fromkeys([f"M{n:02}" for n in range(1, 8)], NO)))
    members, bound = found["criteria"]
    assert (members["yes"], members["no"], members["holds"]) == ("16", "7", True)
    assert (bound["yes"], bound["no"], bound["holds"]) == ("5", "7", False)
    assert found["outcome"] == "rejected"


@pytest.mark.parametrize(
    ("threshold", "comparison", "yes", "outcome"),
    [("2/3", "at_least", 4, "adopted"), ("2/3", "more_than", 4, "rejected"), ("1/2", "more_than", 3, "rejected")],
)
def test_edges_are_exact(threshold, comparison, yes, outcome):
    codes = [f"M{n:02}" for n in range(1, 7)]
    house = story.found(members=codes, weights=False)
    vote = held(house, story.simple(threshold, comparison), default=NO, **dict.fromkeys(codes[:yes], YES))
    assert result(vote)["outcome"] == outcome


def test_s45_the_count_file_alone_gives_the_stored_result():
    house = story.found()
    vote = held(house, BUDGET, "weight", recusals={"M17": "supplier"}, M17=None, M02=NO, M03=ABSTAIN, M24=None)
    with story.after_closing(vote):
        decision = actions.declare(house.staff, vote)
        file = loads(canonical_text(queries.count_file(vote)))
    read = parse_motion(file)
    recounted = count_motion(read.rule, read.electors).to_dict()
    assert recounted == loads(decision.result)
    assert sha256_hex(decision.result.encode()) == decision.result_hash
    assert "M19" not in {elector["id"] for elector in file["electors"]}
    assert [e["id"] for e in file["electors"] if e["recused"]] == ["M17"]


def test_s28_an_open_vote_keeps_its_rule():
    house = story.found(members=["M01", "M02", "M03"], weights=False)
    two_thirds = story.adopt(house, story.simple("2/3", "at_least"))
    with clock.frozen_at(datetime(2026, 12, 20, 9, tzinfo=UTC)):
        vote = story.open_now(house, story.prepare(house, two_thirds), days=16)
        frozen = (vote.rule, vote.rule_hash)
        three_quarters = story.adopt(house, story.simple("3/4", "at_least"), in_force_from=date(2027, 1, 1))
        story.cast_all(house, vote, YES, M03=NO)
    assert three_quarters.version == 2
    assert result(vote)["outcome"] == "adopted"
    assert (vote.rule, vote.rule_hash) == frozen
    with clock.frozen_at(datetime(2027, 1, 6, 9, tzinfo=UTC)):
        later = story.open_now(house, story.prepare(house, two_thirds, title="The next one"))
        assert later.profile_id == three_quarters.id
        story.cast_all(house, later, YES, M03=NO)
    assert result(later)["outcome"] == "rejected"


def test_s01_a_dominating_category_stops_the_opening():
    house = story.found(members=["M01", "M02", "M10", "M20", "M23"])
    vote = story.prepare(house, story.adopt(house, story.simple(), counting="weight"))
    with pytest.raises(RuleBrokenError, match=r"Category HOS holds 8 of the 16 votes entitled, .* one third \(5 1/3\)"):
        story.open_now(house, vote)


def test_counting_by_heads_knows_no_cap():
    house = story.found(members=["M01", "M02", "M03"], weights=False)
    story.open_now(house, story.prepare(house, story.adopt(house, story.simple())))


def test_the_roll_freezes_who_may_vote_and_why_not():
    house = story.found(members=["M01", "M12", "M19"], weights=False)
    lone = factories.category("NEW", "Newcomers", None)
    factories.member(lone, "M30", "Newcomer")
    vote = story.open_now(house, story.prepare(house, story.adopt(house, story.simple())))
    roll = {e.code: e for e in db.session.scalars(db.select(Elector).where(Elector.vote_id == vote.id))}
    assert {code: line.entitled for code, line in roll.items()} == {
        "M01": True,
        "M12": True,
        "M19": False,
        "M30": False,
    }
    assert "suspended" in roll["M19"].reason
    assert "belongs to no college yet" in roll["M30"].reason
    category = db.session.scalars(db.select(Category).where(Category.code == "NEW")).one()
    category.college_id = db.session.scalars(
        db.select(Category.college_id).join(Member).where(Member.code == "M01")
    ).one()
    db.session.flush()
    assert not db.session.scalars(db.select(Elector.entitled).where(Elector.code == "M30")).one()


def test_nobody_entitled_cannot_open():
    house = story.found(members=["M19"], weights=False)
    with pytest.raises(RuleBrokenError, match="Nobody is entitled"):
        story.open_now(house, story.prepare(house, story.adopt(house, story.simple())))


def test_recusals_name_an_elector_and_a_ground():
    house = story.found(members=["M01", "M02"], weights=False)
    vote = story.prepare(house, story.adopt(house, story.simple()))
    with pytest.raises(InputError) as refused:
        story.open_now(house, vote, recusals={"M77": "supplier", "M01": " "})
    assert len(refused.value.faults) == 2
    assert vote.opens_at is None


def test_f04d_a_public_member_needs_time_for_its_mandate():
    house = story.found(members=["M01", "M20"], weights=False)
    house.members["M20"].needs_mandate = True
    profile = story.adopt(house, story.simple(), mandate_days=30)
    vote = story.prepare(house, profile)
    with pytest.raises(RuleBrokenError, match="M20 needs at least 30 days"):
        story.open_now(house, vote, days=10)
    story.open_now(house, vote, days=30)
    again = clock.now() + timedelta(days=40)
    with clock.frozen_at(again):
        motion = queries.get_motion(vote.motion_id)
        same_text = story.prepare(house, profile, follows=motion)
        story.open_now(house, same_text, days=12)
        other = story.prepare(house, profile, follows=motion, text="The assembly decides.\n\nAt once!")
        with pytest.raises(RuleBrokenError, match="at least 30 days"):
            story.open_now(house, other, days=12)


def test_vacant_and_silent_seats_have_no_vote():
    house = story.found(weights=False, board=True)
    factories.seat(house.board, 10, "Secretary", votes=False)
    factories.seat(house.board, 11, "Vacant")
    vote = story.open_now(house, story.prepare(house, story.adopt(house, ADMISSION, body=house.board)))
    roll = db.session.scalars(db.select(Elector).where(Elector.vote_id == vote.id).order_by(Elector.seat_id)).all()
    assert [line.entitled for line in roll] == [True] * 9 + [False] * 2
    assert [line.casting for line in roll] == [True] + [False] * 10
    assert "without a vote" in roll[9].reason
    assert "Nobody holds this seat" in roll[10].reason


def test_the_chair_breaks_a_tie():
    house = story.found(weights=False, board=True)
    vote = story.open_now(
        house, story.prepare(house, story.adopt(house, story.simple(tie="casting_vote"), body=house.board))
    )
    for name, choice in (("chair", YES), ("M01", NO)):
        actions.cast_ballot(house.seat(name), vote, choice)
    assert result(vote)["outcome"] == "adopted"


def test_declaring_draws_the_number_of_the_year_of_closing_and_tells_others_once():
    house = story.found(members=["M01", "M02", "M03"], weights=False)
    told = []
    handlers.on_declared("test", lambda decision, vote, profile, subjects: told.append((decision.number, subjects)))
    subject = SubjectDraft("budget_line", "L3", "Fairs", 12_000_00, {factories.department().id: 12_000_00})
    profile = story.adopt(house, story.simple())
    try:
        vote = story.prepare(house, profile, subjects=[subject])
        with clock.frozen_at(datetime(2026, 12, 30, 9, tzinfo=UTC)):
            actions.open_vote(house.staff, vote, closes_at=datetime(2027, 1, 1, tzinfo=UTC))
            with pytest.raises(RuleBrokenError, match="still open"):
                actions.declare(house.staff, vote)
        with clock.frozen_at(datetime(2027, 1, 1, 0, 30, tzinfo=UTC)):
            decision = actions.declare(house.staff, vote)
            assert actions.declare(house.staff, vote) is decision
    finally:
        del declaring.reactions["test"]
    assert told == [("2027-001", [subject])]
    assert (decision.decided_at, decision.outcome) == (vote.closes_at, "rejected")


def test_the_clock_declares_in_the_order_of_closing():
    house = story.found(members=["M01", "M02", "M03"], weights=False)
    profile = story.adopt(house, story.simple())
    later = story.open_now(house, story.prepare(house, profile, title="Later"), days=3)
    sooner = story.open_now(house, story.prepare(house, profile, title="Sooner"), days=2)
    still_open = story.open_now(house, story.prepare(house, profile, title="Open"), days=9)
    with clock.frozen_at(clock.now() + timedelta(days=5)):
        assert actions.declare_due() == 2
        assert actions.declare_due() == 0
    numbers = {d.vote_id: d.number for d in (row.Decision for row in queries.list_decisions())}
    assert numbers == {sooner.id: "2026-001", later.id: "2026-002"}
    assert still_open.declared_at is None


def test_a_withdrawn_vote_is_never_counted():
    house = story.found(members=["M01", "M02"], weights=False)
    vote = story.open_now(house, story.prepare(house, story.adopt(house, story.simple())))
    actions.cast_ballot(house.delegate("M01"), vote, YES)
    actions.withdraw_vote(house.staff, vote, reason="The text names the wrong year.")
    with pytest.raises(RuleBrokenError, match="withdrawn"):
        actions.cast_ballot(house.delegate("M02"), vote, YES)
    with story.after_closing(vote):
        with pytest.raises(RuleBrokenError):
            queries.result_of(vote)
        with pytest.raises(RuleBrokenError):
            actions.declare(house.staff, vote)
    actions.prepare_vote(house.staff, queries.get_motion(vote.motion_id), queries.get_profile(vote.profile_id))


def test_text_is_fixed_once_a_vote_on_it_has_opened():
    house = story.found(members=["M01"], weights=False)
    vote = story.prepare(house, story.adopt(house, story.simple()))
    motion = queries.get_motion(vote.motion_id)
    actions.revise_motion(house.staff, motion, title="A motion", text="Line\r\nend", mover="Board", subjects=[])
    assert motion.text == "Line\nend"
    story.open_now(house, vote)
    assert (vote.text, vote.text_hash) == (motion.text, sha256_hex(b"Line\nend"))
    with pytest.raises(RuleBrokenError, match="text is fixed"):
        actions.revise_motion(house.staff, motion, title="A", text="B", mover="C", subjects=[])


def test_a_rule_that_cannot_be_counted_is_refused_with_every_fault():
    house = story.found(members=["M01"], weights=False)
    with pytest.raises(InputError) as refused:
        story.adopt(house, {"criteria": [{"name": "x", "threshold": 0.5}], "quorum": "none"})
    assert len(refused.value.faults) >= 3
