"""What each reader sees of a vote, before and after it closes; the secretariat's way from a draft to a decision."""

import json
import re
from datetime import timedelta

import pytest

from govern.bodies.rules import BodyKind
from govern.counting.electors import parse_motion
from govern.counting.motion import count_motion
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import Role
from govern.votes import actions, queries
from govern.votes.models import Ballot, Decision, Elector, Motion, RollBlock, RuleProfile, Vote
from govern.votes.rules import Choice, ElectorKind, SubjectDraft
from tests import factories
from tests.areas import votes_material as story
from tests.areas.votes_material import ABSTAIN, BUDGET, NO, YES

pytestmark = pytest.mark.usefixtures("lite_app", "at_d")
TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')
TEXT = "The secret recipe of line L3.\n\nSecond paragraph."


@pytest.fixture
def house(lite_app, at_d):
    return story.found()


def the_vote(house, rule=None, **given):
    department = factories.department()
    subject = SubjectDraft("budget_line", "L3", "Fairs", 12_345_00, {department.id: 54_321_00})
    profile = story.adopt(house, rule or story.simple(), **given)
    return story.prepare(house, profile, title="Line L3", text=TEXT, subjects=[subject])


def door(house, code):
    return house.delegates[code].id, f"member:{house.members[code].id}"


def reader(app, who):
    return app.test_client().as_user(*who)


def shown(answer):
    """Body and headers without what is random in every answer: the form token and the session that holds it."""
    return TOKEN.sub("", answer.text), sorted(item for item in answer.headers.items() if item[0] != "Set-Cookie")


def officers(house):
    auditor, liaison = factories.officer(Role.AUDITOR), factories.liaison(factories.department("health", "Health"))
    appointed = {"auditor": (auditor.id, "office"), "staff": (house.staff_user.id, "staff")}
    department = db.session.scalars(db.text("SELECT id FROM department WHERE code = 'health'")).one()
    return appointed | {"liaison": (liaison.id, f"liaison:{department}")}


def test_pages_of_an_open_vote_do_not_depend_on_how_the_votes_fall(lite_app, house):
    vote = story.open_now(house, the_vote(house, BUDGET, counting="weight"))
    readers = officers(house) | {"M10": door(house, "M10"), "M19": door(house, "M19")}
    del readers["liaison"]
    address = f"/votes/{vote.id}"
    pages = [address, f"{address}/roll", "/votes/", "/votes/?view=all"]
    voters = [house.delegate(code) for code in ("M01", "M02", "M03", "M06", "M20")]
    vote_id, seen = vote.id, []
    for choice in (YES, NO, ABSTAIN):
        for voter in voters:
            actions.cast_by_key(voter, vote_id, choice)
        answers = [reader(lite_app, who).get(page) for who in readers.values() for page in pages]
        assert {answer.status_code for answer in answers} == {200}
        seen.append([shown(answer) for answer in answers])
    assert seen[0] == seen[1] == seen[2]
    assert "18 of 58 votes have been cast" in seen[0][0][0]
    for who in readers.values():
        assert reader(lite_app, who).get(f"{address}/count-file").status_code == 403


def test_a_recused_member_sees_no_papers_before_or_after(lite_app, house):
    vote = story.open_now(house, the_vote(house), recusals={"M17": "supplier for line L3"})
    address, closes_at, recused = f"/votes/{vote.id}", vote.closes_at, door(house, "M17")
    others = door(house, "M01")
    paper = ("secret recipe", "Second paragraph", "12,345", "54,321")
    page = reader(lite_app, others).get(address).text
    assert all(word in page for word in paper)
    page = reader(lite_app, recused).get(address).text
    assert "You are recused from this vote" in page
    assert "supplier for line L3" in page
    assert not any(word in page for word in paper)
    assert "<fieldset" not in page
    assert reader(lite_app, recused).post(f"{address}/ballots", data={"choice": "yes"}).status_code == 403
    with clock.frozen_at(closes_at):
        page = reader(lite_app, recused).get(address).text
        assert "How it was counted" in page
        assert not any(word in page for word in paper)


def test_locked_ballots_say_the_cause_and_the_way_out(lite_app, house):
    vote = story.open_now(house, the_vote(house))
    contact = factories.delegate(house.members["M01"], role=Role.DUES_CONTACT)
    board = factories.body("BOARD", "Board", BodyKind.BOARD)
    seat = factories.seat(board, 1, "Chair", is_chair=True)
    chair = factories.seat_holder(seat, role=Role.CHAIR)
    joined = factories.member(factories.category("NEW", "New", None), "M31")
    late = factories.delegate(joined)
    told = {
        "ask the secretariat": door(house, "M19"),
        "cast by its delegate or an alternate": (contact.id, f"member:{house.members['M01'].id}"),
        "frozen when the vote opened": (late.id, f"member:{joined.id}"),
        "You have no ballot in this vote": (chair.id, f"seat:{seat.id}"),
    }
    address = f"/votes/{vote.id}"
    for sentence, who in told.items():
        page = reader(lite_app, who).get(address).text
        assert sentence in page
        assert "<fieldset" not in page


def test_after_closing_any_get_shows_the_result_whatever_a_job_did(lite_app, house):
    vote = story.open_now(house, the_vote(house, BUDGET, counting="weight"))
    story.cast_all(house, vote, YES, M02=NO, M20=ABSTAIN, M10=None)
    vote_id, closes_at, people = vote.id, vote.closes_at, officers(house)
    people |= {"M01": door(house, "M01")}
    with clock.frozen_at(closes_at):
        page = reader(lite_app, people["M01"]).get(f"/votes/{vote_id}").text
        assert "Adopted: 92.3% of the votes cast, more than half needed" in page
        assert "48 are" in page
        assert "Closed, not declared" in reader(lite_app, people["M01"]).get("/votes/?view=closed").text
        file = reader(lite_app, people["auditor"]).get(f"/votes/{vote_id}/count-file")
        read = parse_motion(json.loads(file.data))
        assert count_motion(read.rule, read.electors).outcome == "adopted"
        page = reader(lite_app, people["liaison"]).get(f"/votes/{vote_id}").text
        assert "Adopted" in page
        assert "Member M02" not in page
        assert reader(lite_app, people["liaison"]).get(f"/votes/{vote_id}/count-file").status_code == 403
        assert reader(lite_app, people["M01"]).get(f"/votes/{vote_id}/roll").status_code == 200
        assert reader(lite_app, people["M01"]).post(f"/votes/{vote_id}/declare").status_code == 403
        client = reader(lite_app, people["staff"])
        assert client.post(f"/votes/{vote_id}/declare").status_code == 303
        assert "Decision 2026-001" in client.get(f"/votes/{vote_id}").text
    assert db.session.scalars(db.select(Decision.outcome)).all() == ["adopted"]


def test_who_may_see_which_vote(lite_app, house):
    story.seat_board(house)
    assembly = the_vote(house)
    board = story.prepare(house, story.adopt(house, story.simple(), code="b", body=house.board), title="Board matter")
    people = officers(house) | {"M01": door(house, "M01")}
    people["holder"] = (house.holders["M01"].id, f"seat:{house.seats['M01'].id}")
    people["chair"] = (house.holders["chair"].id, f"seat:{house.seats['chair'].id}")
    ids, closes_at = (assembly.id, board.id), clock.now() + timedelta(days=14)
    open_to = {"staff": (200, 200), "auditor": (200, 200), "chair": (200, 200), "liaison": (403, 403)}

    def codes(name):
        return tuple(reader(lite_app, people[name]).get(f"/votes/{key}").status_code for key in ids)

    assert {name: codes(name) for name in people} == open_to | {"M01": (403, 403), "holder": (403, 403)}
    for key in ids:
        actions.open_vote(factories.actor_of(factories.user()), queries.get_vote(key), closes_at=closes_at)
    assert {name: codes(name) for name in people} == open_to | {"M01": (200, 403), "holder": (403, 200)}
    listed = reader(lite_app, people["M01"]).get("/votes/").text
    assert "Line L3" in listed
    assert "Board matter" not in listed
    with clock.frozen_at(closes_at):
        assert set(map(codes, people)) == {(200, 200)}


def test_from_draft_to_decision(lite_app, house):
    story.adopt(house, story.simple(), code="simple")
    department = factories.department()
    staff, delegate, share = (house.staff_user.id, "staff"), door(house, "M01"), f"share_{department.id}"
    client = reader(lite_app, staff)
    form = {
        "title": "Shall we?",
        "text": "We shall.",
        "mover": "Board",
        "profile": "simple",
        "subjects-0-kind": "budget_line",
        "subjects-0-code": "L3",
        "subjects-0-title": "Fairs",
        "subjects-0-own": "100.00",
        f"subjects-0-{share}": "50",
        "subjects-1-kind": "budget_line",
    }
    assert client.get("/votes/new").status_code == 200
    refused = client.post("/votes/new", data=form | {"title": "", "subjects-0-own": "12,5"})
    assert refused.status_code == 422
    assert "Write the question." in refused.text
    assert "We shall." in refused.text
    refused = client.post("/votes/new", data=form | {"subjects-0-own": "1.005"})
    assert "more decimals than EUR has" in refused.text
    assert refused.status_code == 422
    address = client.post("/votes/new", data=form).location
    (subject,) = queries.subjects_of(db.session.scalars(db.select(Motion.id)).one())
    assert (subject.own_minor, list(subject.shares.values())) == (100_00, [50_00])
    assert "Shall we?" in client.get(f"{address}/edit").text
    assert client.post(f"{address}/edit", data=form | {"title": "Shall we now?"}).status_code == 303
    assert "Open the vote" in client.get(address).text
    assert client.get(f"{address}/opening").status_code == 200
    opening = {"closes_on": "2026-12-04", "closes_at": "", "recusals": "M17 supplier for line L3\nM77"}
    refused = client.post(f"{address}/check", data=opening)
    assert refused.status_code == 422
    assert "No elector of this vote has the code M77" in refused.text
    opening["recusals"] = "M17: supplier for line L3"
    check = client.post(f"{address}/check", data=opening).text
    assert "Fri 4 Dec 2026, 24:00" in check
    assert "supplier for line L3" in check
    assert "The membership is suspended" in check
    assert db.session.scalars(db.select(Elector)).all() == []
    assert client.post(f"{address}/open", data=opening | {"closes_on": "2026-11-01"}).status_code == 422
    assert client.post(f"{address}/open", data=opening).status_code == 303
    vote = db.session.scalars(db.select(Vote)).one()
    assert vote.closes_at.isoformat() == "2026-12-05T00:00:00+00:00"
    assert client.get(f"{address}/edit").status_code == 403
    assert reader(lite_app, delegate).post(f"{address}/ballots", data={"choice": "yes"}).status_code == 303
    follow = client.get(f"/votes/new?follows={address.rsplit('/', 1)[1]}").text
    assert "Shall we now?" in follow


def test_withdrawing_asks_for_a_reason(lite_app, house):
    vote = story.open_now(house, the_vote(house))
    address, staff = f"/votes/{vote.id}", (house.staff_user.id, "staff")
    client = reader(lite_app, staff)
    assert client.get(f"{address}/withdraw").status_code == 200
    assert client.post(f"{address}/withdraw", data={"reason": ""}).status_code == 422
    assert client.post(f"{address}/withdraw", data={"reason": "Wrong year"}).status_code == 303
    assert "This vote was withdrawn" in client.get(address).text
    assert client.get(f"{address}/withdraw").status_code == 403


def test_rules_are_shown_in_sentences_and_adopted_in_versions(lite_app, house):
    story.adopt(house, story.STATUTES, code="statutes", mandate_days=30)
    client = reader(lite_app, (house.staff_user.id, "staff"))
    assert "at least three quarters of the members voting yes or no say yes" in client.get("/votes/rules").text
    assert client.get("/votes/rules/new").status_code == 200
    page = client.get("/votes/rules/new?code=statutes").text
    assert "3/4" in page
    body_id = db.session.scalars(db.text("SELECT id FROM body")).one()
    form = {
        "code": "statutes",
        "name": "Statutes",
        "source": "Article 30",
        "body": body_id,
        "counting": "heads",
        "rule": json.dumps(story.simple("4/5", "at_least")),
        "opening_days": "30",
        "review_days": "0",
        "mandate_days": "30",
        "in_force_from": "2026-12-01",
    }
    for broken, said in (("{", "not JSON"), ("[]", "one JSON object"), ('{"criteria": []}', "at least one criterion")):
        refused = client.post("/votes/rules/new", data=form | {"rule": broken})
        assert refused.status_code == 422
        assert said in refused.text
    assert client.post("/votes/rules/new", data=form).status_code == 303
    assert [p.version for p in db.session.scalars(db.select(RuleProfile).order_by(RuleProfile.id))] == [1, 2]
    page = client.get("/votes/rules").text
    assert "at least 4/5" in page
    assert "From Tue 1 Dec 2026" in page


def crowd(vote, count):
    """Add electors to the roll until it has ``count``, each with a ballot."""
    now = clock.now()
    like = {"vote_id": vote.id, "kind": ElectorKind.MEMBER, "college": "I", "weight": 1}
    factories.add(RollBlock(number=99, category=None, recused=False, casting=False, electors=count, **like))
    for number in range(count):
        elector = factories.add(Elector(code=f"X{number:05}", label=f"Crowd {number}", block=99, **like))
        choice = (Choice.YES, Choice.NO)[number % 2]
        cast = {"vote_id": vote.id, "block": 99, "choice": choice, "cast_at": now, "user_id": -number}
        db.session.add(Ballot(elector_id=elector.id, salt="", receipt="", **cast))
    db.session.flush()


@pytest.mark.parametrize("moment", ["open", "closed"])
def test_statements_do_not_grow_with_the_roll(lite_app, house, moment):
    needed = {}
    for size in (10, 100, 1000):
        vote = story.open_now(house, story.prepare(house, story.adopt(house, story.simple(), code=f"r{size}")))
        crowd(vote, size)
        needed[size] = vote.id
    closes_at, who = vote.closes_at, door(house, "M01")
    with clock.frozen_at(closes_at if moment == "closed" else clock.now()):
        for page in ("", "/roll"):
            client, counts = reader(lite_app, who), set()
            for key in needed.values():
                assert client.get(f"/votes/{key}{page}").status_code == 200
                counts.add(len(client.statements))
            assert len(counts) == 1
            assert counts.pop() <= 8


def test_statements_do_not_grow_with_the_list(lite_app, house):
    profile = story.adopt(house, story.simple())
    people = {"staff": (house.staff_user.id, "staff"), "M01": door(house, "M01")}
    made, counts = 0, {}
    for size in (10, 100, 1000):
        for number in range(made, size):
            motion = factories.add(Motion(title=f"Motion {number}", text="x", created_at=clock.now()))
            factories.add(
                Vote(
                    motion_id=motion.id,
                    profile_id=profile.id,
                    body_id=profile.body_id,
                    counting="heads",
                    rule=profile.rule,
                    opens_at=clock.now(),
                    closes_at=clock.now() + timedelta(days=1),
                    created_at=clock.now(),
                )
            )
        made = size
        db.session.flush()
        for name, who in people.items():
            client = reader(lite_app, who)
            page = client.get("/votes/")
            assert page.status_code == 200
            counts.setdefault(name, set()).add(len(client.statements))
        profile = db.session.get(RuleProfile, 1)
    assert all(len(found) == 1 and found.pop() <= 8 for found in counts.values())
    older = re.search(r'href="(/votes/\?[^"]*before=[^"]*)"', page.text)
    assert older
    second = reader(lite_app, people["M01"]).get(older[1].replace("&amp;", "&")).text
    assert "Motion 949" in second
    assert "Motion 950" not in second
