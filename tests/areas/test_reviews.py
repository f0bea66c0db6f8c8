"""Reviews through the declaring transaction, their actions and their pages."""

from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import HatKind, Role
from govern.kernel.clock import at_local
from govern.kernel.errors import NotAllowedError, RuleBrokenError
from govern.kernel.findings import Finding
from govern.notifications.models import Mail
from govern.reviews import actions, queries
from govern.reviews.models import Review
from govern.reviews.queries import ReviewFilter, Show
from govern.reviews.rules import Answer, EffectState, Ground, ReviewState
from govern.tasks.queries import tasks_of
from govern.votes.models import Decision, Motion, RuleProfile, Vote
from govern.votes.rules import SubjectDraft
from tests import factories as make

ZONE = "Europe/Lisbon"
DAY_0 = date(2026, 10, 23)
AT_NOON = time(12)


@contextmanager
def on_day(number, hour=12):
    with clock.frozen_at(at_local(DAY_0 + timedelta(days=number), time(hour), ZONE)) as now:
        yield now


def decide(number="2026-001", outcome="adopted"):
    """A declared decision as votes leaves it, without going through a vote."""
    now = clock.now()
    body = db.session.scalar(select(make.Body)) or make.body()
    profile = make.add(
        RuleProfile(
            code=number, version=1, name="Budget", rule="{}", counting="heads", body_id=body.id, in_force_from=DAY_0
        )
    )
    motion = make.add(Motion(title="Budget 2027", text="The budget is adopted.\n\nLine by line.", created_at=now))
    vote = make.add(
        Vote(
            motion_id=motion.id,
            profile_id=profile.id,
            body_id=body.id,
            counting="heads",
            rule="{}",
            text=motion.text,
            opens_at=now - timedelta(days=14),
            closes_at=now,
            declared_at=now,
            created_at=now,
        )
    )
    sequence = int(number[-3:])
    decision = make.add(
        Decision(
            number=number,
            year=2026,
            sequence=sequence,
            vote_id=vote.id,
            title=motion.title,
            outcome=outcome,
            result="{}",
            result_hash="",
            decided_at=now,
            declared_at=now,
        )
    )
    return decision, vote, profile


def budget(tourism, health):
    """The lines of the demo's budget with their departments (domain.md 5.5)."""
    shares = {
        "L1": {},
        "L2": {tourism: 1_800_000},
        "L3": {tourism: 1_200_000},
        "L4": {tourism: 500_000},
        "L5": {health: 1_400_000},
        "L6": {tourism: 800_000, health: 1_000_000},
        "L7": {health: 400_000},
        "L8": {},
    }
    return [SubjectDraft("budget_line", code, f"Line {code}", 100, part) for code, part in shares.items()]


@pytest.fixture
def world(app):
    with on_day(0):
        yield _world()


def _world():
    make.cluster()
    tourism, health = make.department(), make.department("health", "Department of Health")
    helena, tomas = make.liaison(tourism, "Helena Voss"), make.liaison(health, "Tomas Arden")
    petra = make.staff()
    decision, vote, profile = decide()
    actions.start_reviews(decision, vote, profile, budget(tourism.id, health.id))
    return {
        "decision": decision.id,
        "tourism": make.actor_of(
            helena, HatKind.LIAISON, Role.LIAISON, department_id=tourism.id, label="Department of Tourism"
        ),
        "health": make.actor_of(tomas, HatKind.LIAISON, Role.LIAISON, department_id=health.id),
        "staff": make.actor_of(petra, HatKind.STAFF, Role.SECRETARIAT, label="Secretariat"),
        "helena": helena.id,
        "tomas": tomas.id,
        "petra": petra.id,
    }


def review(world, department, code):
    found = queries.reviews_of(world["decision"])
    wanted = (world[department].department_id, code)
    return next(each for each in found if (each.department_id, each.subject_code) == wanted)


def state(world, department, code):
    line = queries.get_line(review(world, department, code).id)
    return line.state


def test_L01_clocks_start_for_the_departments_in_scope_and_the_rest_is_executable(world):
    started = [(r.department_id, r.subject_code) for r in queries.reviews_of(world["decision"])]
    tourism, health = world["tourism"].department_id, world["health"].department_id
    assert sorted(code for department, code in started if department == tourism) == ["L2", "L3", "L4", "L6"]
    assert sorted(code for department, code in started if department == health) == ["L5", "L6", "L7"]
    ends = {r.ends_at for r in queries.reviews_of(world["decision"])}
    assert {at.isoformat() for at in ends} == {"2026-11-08T00:00:00+00:00"}  # 24:00 of day 15, after summer time
    effect = queries.states_of([world["decision"]])[world["decision"]]
    assert effect.of("L1").state is effect.of("L8").state is EffectState.EFFECTIVE
    assert effect.of("L6").state is EffectState.UNDER_REVIEW
    assert effect.overall.state is EffectState.UNDER_REVIEW


def test_L01_the_liaisons_are_told_once(world):
    mails = db.session.scalars(select(Mail).where(Mail.key.startswith("review-started")).order_by(Mail.key)).all()
    assert [mail.user_id for mail in mails] == [world["helena"], world["tomas"]]
    assert "Sat 7 Nov 2026" in mails[0].subject
    assert mails[0].text.count("/reviews/") == 4


def test_a_rejected_motion_starts_nothing(world):
    decision, vote, profile = decide("2026-002", outcome="rejected")
    drafts = budget(world["tourism"].department_id, world["health"].department_id)
    assert actions.start_reviews(decision, vote, profile, drafts) == []


def test_a_standard_counts_with_a_share_of_nothing(world):
    decision, vote, profile = decide("2026-003")
    standard = SubjectDraft("standard", "CARE-1.0", "Care Standard", 0, {world["health"].department_id: 0})
    started = actions.start_reviews(decision, vote, profile, [standard])
    assert [(r.subject_code, r.minor, r.days) for r in started] == [("CARE-1.0", 0, 15)]


def test_L02_an_objection_freezes_its_own_line_only(world):
    with on_day(9):
        actions.answer(
            world["tourism"],
            review(world, "tourism", "L3"),
            answer=Answer.OBJECTED,
            ground=Ground.EQUAL_ACCESS,
            remedy="Open call",
        )
        effect = queries.states_of([world["decision"]])[world["decision"]]
        assert effect.of("L3").state is effect.overall.state is EffectState.OBJECTED
        assert effect.of("L2").state is EffectState.UNDER_REVIEW
        (row,) = tasks_of("review", review(world, "tourism", "L3").id)
        assert row.Task.due_on == DAY_0 + timedelta(days=9 + 14)
        assert row.Task.detail == "Open call"
        told = db.session.scalars(select(Mail.user_id).where(Mail.key.startswith("review-objected"))).all()
        assert told == [world["petra"]]
    with on_day(16):
        later = queries.states_of([world["decision"]])[world["decision"]]
        assert later.of("L2").state is EffectState.EFFECTIVE
        assert later.of("L3").state is EffectState.OBJECTED


def test_L03_a_question_stops_the_clock_and_moves_its_end(world):
    line = review(world, "health", "L6")
    before = line.ends_at
    with on_day(6):
        pause = actions.ask(world["health"], line, "Which nurses staff the line?")
        assert state(world, "health", "L6") is ReviewState.PAUSED
        with pytest.raises(RuleBrokenError, match="waiting"):
            actions.ask(world["health"], line, "And on which licence?")
    with on_day(13):
        with pytest.raises(NotAllowedError):
            actions.reply(world["health"], pause, "Ours")
        actions.reply(world["staff"], pause, "Those of M12, licence PB-0014.")
        assert line.ends_at - before == timedelta(days=7)
        reading = queries.rules.clock_of(line, queries.pauses_of(line.id), clock.now(), ZONE)
        assert (reading.used, reading.left, reading.moved) == (6, 9, 7)
        assert [(p.question, p.reply) for p in queries.pauses_of(line.id)] == [
            ("Which nurses staff the line?", "Those of M12, licence PB-0014.")
        ]
        assert queries.check_ends() == Finding("review clocks", 7, [])
        keys = db.session.scalars(
            select(Mail.key).where(Mail.key.contains("sked") | Mail.key.contains("replied"))
        ).all()
        assert sorted(key.split(":")[0] for key in keys) == ["review-asked", "review-replied"]
    with on_day(20):
        assert state(world, "health", "L6") is ReviewState.RUNNING
        assert state(world, "tourism", "L6") is ReviewState.DEEMED


def test_L04_silence_is_deemed_whatever_any_job_does_and_late_reactions_change_nothing(world):
    line = review(world, "tourism", "L4")
    with on_day(15, 23):
        assert state(world, "tourism", "L4") is ReviewState.RUNNING
    with on_day(16, 0):
        assert state(world, "tourism", "L4") is ReviewState.DEEMED
        certificate = queries.get_certificate(queries.get_line(line.id), ZONE)
        assert certificate.reading.used == 15
        late = actions.answer(
            world["tourism"], line, answer=Answer.OBJECTED, ground=Ground.PROCEDURE, remedy="Too late", remark="no"
        )
        assert late is not None
        assert state(world, "tourism", "L4") is ReviewState.DEEMED
        assert [kept.remark for kept in queries.late_of(line.id)] == ["no"]
        assert queries.get_certificate(queries.get_line(line.id), ZONE).fingerprint == certificate.fingerprint
        assert tasks_of("review", line.id) == []
        assert actions.record_deemings() == 7
        assert actions.record_deemings() == 0
        told = db.session.scalars(select(Mail).where(Mail.key.startswith(f"review-deemed:{line.id}:"))).all()
        assert {mail.user_id for mail in told} == {world["helena"], world["petra"]}


def test_a_liaison_acts_for_its_own_department_only(world):
    with pytest.raises(NotAllowedError):
        actions.answer(world["tourism"], review(world, "health", "L6"), answer=Answer.NO_OBJECTION)
    with pytest.raises(NotAllowedError):
        actions.ask(world["staff"], review(world, "health", "L6"), "May I?")


def test_an_explicit_answer_makes_the_line_effective_and_later_words_are_late(world):
    line = review(world, "tourism", "L2")
    with on_day(4):
        assert actions.answer(world["tourism"], line, answer=Answer.NO_OBJECTION, remark="Good plan") is None
        effect = queries.states_of([world["decision"]])[world["decision"]]
        assert (effect.of("L2").state, effect.of("L2").at) == (EffectState.EFFECTIVE, clock.now())
    with on_day(5):
        again = actions.answer(world["tourism"], line, answer=Answer.OBJECTED, ground=Ground.PROCEDURE, remedy="x")
        assert again is not None
        assert line.answer is Answer.NO_OBJECTION


def test_needs_you_and_lists(world):
    def needs(who):
        statement = queries.needs_you(world[who])
        return [(row.kind, row.title) for row in db.session.execute(statement.order_by("object_id"))]

    assert [title for _kind, title in needs("tourism")] == ["Line L2", "Line L3", "Line L4", "Line L6"]
    actions.ask(world["tourism"], review(world, "tourism", "L2"), "Why?")
    assert ("review", "Line L2") not in needs("tourism")
    assert needs("staff") == [("question", "Line L2")]
    assert queries.needs_you(make.actor_of(make.user(), HatKind.MEMBER, Role.DELEGATE, member_id=1)) is None
    assert [line.review.subject_code for line in queries.list_waiting(world["staff"])] == ["L2"]
    assert len(queries.list_waiting(world["tourism"])) == 4
    assert len(queries.list_reviews(world["staff"], ReviewFilter(show=Show.RUNNING))) == 7
    assert len(queries.list_reviews(world["staff"], ReviewFilter(q="line l6"))) == 2
    assert queries.list_reviews(make.actor_of(make.user(), HatKind.OFFICE, Role.OBSERVER)) == []
    with on_day(16):
        assert len(queries.list_reviews(world["staff"], ReviewFilter(show=Show.ENDED))) == 6
        assert len(queries.list_reviews(world["staff"], ReviewFilter(show=Show.RUNNING))) == 1


def test_pages_of_the_liaison(world, app):
    l3, other = review(world, "tourism", "L3").id, review(world, "health", "L5").id
    client = app.test_client().as_user(world["helena"])
    register = client.get("/reviews/")
    assert "Waiting for your department" in register.text
    assert "to read only" in register.text
    shown = client.get(f"/reviews/{l3}")
    assert "Day 0 of 15, 15 days left" in shown.text
    assert " checked" not in shown.text
    assert "Record answer" not in client.get(f"/reviews/{other}").text
    assert client.post(f"/reviews/{other}/answer", data={"answer": "no_objection"}).status_code == 403
    assert client.post(f"/reviews/{l3}/answer", data={}).status_code == 422
    refused = client.post(f"/reviews/{l3}/answer", data={"answer": "objected", "remedy": "Open call"})
    assert refused.status_code == 422
    assert "Choose the ground" in refused.text
    assert "Open call" in refused.text
    asked = client.post(f"/reviews/{l3}/answer", data={"answer": "ask", "remark": "Who bids?"})
    assert asked.status_code == 303
    assert asked.location.endswith(f"/reviews/{review(world, 'tourism', 'L2').id}")
    assert "Stands still on day 0 of 15" in client.get(f"/reviews/{l3}").text
    assert client.get(f"/reviews/{l3}/certificate").status_code == 404
    l4 = review(world, "tourism", "L4").id
    assert client.post(f"/reviews/{l4}/answer", data={"answer": "no_objection"}).status_code == 303
    assert "kept as late, without effect" in client.get(f"/reviews/{l4}").text


def test_pages_of_the_secretariat_and_the_certificate(world, app):
    l2 = review(world, "tourism", "L2").id
    actions.ask(world["tourism"], db.session.get(Review, l2), "Who bids?")
    client = app.test_client().as_user(world["petra"])
    assert "Waiting for a reply" in client.get("/reviews/").text
    assert "Who bids?" in client.get(f"/reviews/{l2}").text
    assert client.post(f"/reviews/{l2}/reply", data={"reply": ""}).status_code == 422
    assert client.post(f"/reviews/{l2}/reply", data={"reply": "Everybody"}).status_code == 303
    assert client.post(f"/reviews/{l2}/reply", data={"reply": "Again"}).status_code == 404
    with on_day(16):
        client.as_user(world["petra"])
        deemed = client.get(f"/reviews/{l2}/certificate")
        assert "deemed to be no objection" in deemed.text
        assert "Answers received until then" in deemed.text
        liaison = app.test_client().as_user(world["helena"])
        assert "kept as late, without effect" in liaison.get(f"/reviews/{l2}").text
        data = {"answer": "objected", "ground": "procedure", "remedy": "x", "remark": "We object"}
        assert liaison.post(f"/reviews/{l2}/answer", data=data).status_code == 303
        assert "Late, without effect" in liaison.get(f"/reviews/{l2}").text
        assert liaison.post(f"/reviews/{l2}/answer", data={"answer": "ask", "remark": "?"}).status_code == 422


def test_the_register_costs_the_same_at_any_size(lite_app):
    with on_day(0):
        world = _world()
        client = lite_app.test_client().as_user(world["helena"])
        values = {
            "decision_id": world["decision"],
            "department_id": world["tourism"].department_id,
            "subject_kind": "budget_line",
            "days": 15,
            "notified_at": clock.now(),
            "ends_at": datetime.fromisoformat("2026-11-08T00:00:00+00:00"),
        }
        seen = set()
        for start, rows in ((0, 10), (10, 90), (100, 900)):
            new = [{"subject_code": f"X{start + n}", "subject_title": f"Line {n}"} | values for n in range(rows)]
            db.session.execute(db.insert(Review), new)
            assert client.get("/reviews/?show=all").status_code == 200
            seen.add(len(client.statements))
        assert len(seen) == 1
