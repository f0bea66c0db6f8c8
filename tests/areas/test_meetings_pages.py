"""Pages of meetings, in the order in which a secretariat uses them."""

from datetime import timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from govern.extensions import db
from govern.kernel import clock
from govern.meetings import actions, queries
from govern.meetings.models import AgendaItem, Attendance, Correction, Meeting
from govern.meetings.rules import ItemKind, MinutesState, Presence
from govern.tasks.models import Task
from govern.votes import actions as votes
from govern.votes.queries import get_vote
from govern.votes.rules import Choice
from tests.areas.meetings_material import START, circulated, found, hold, plan
from tests.areas.test_meetings import vote_on

AFTER = START + timedelta(hours=3)
SWAP = {"HX-Request": "true"}


@pytest.fixture
def house(app, at_d):
    return found()


@pytest.fixture
def sign_in(app, house):
    """Sign in by name; a second word chooses the seat."""

    def as_whom(name, hat=""):
        return app.test_client().as_user(house.people[name], hat)

    return as_whom


def seat(house, name):
    return f"seat:{house.seats[name]}"


def test_planning_and_calling(house, sign_in):
    staff, body = sign_in("petra"), house.board.id
    assert "No meeting is planned" in staff.get("/meetings/").text
    assert staff.get("/meetings/new").status_code == 200
    form = {"body": body, "title": "Board in November", "day": "2026-11-30", "starts": "16:00", "mode": "hybrid"}
    refused = staff.post("/meetings/new", data=form | {"ends": "15:00"})
    assert refused.status_code == 422
    assert "must end after it starts" in refused.text
    assert 'value="Board in November"' in refused.text
    page = staff.post("/meetings/new", data=form | {"ends": "18:00", "place": "Rua do Cais 4"}).location
    assert "The agenda is empty" in staff.get(page).text
    assert "Nobody can" not in staff.get(f"{page}/call").text
    empty = staff.post(f"{page}/call")
    assert empty.status_code == 422
    assert "Add at least one item" in empty.text
    item = {
        "title": "Any other business",
        "purpose": "Whatever",
        "kind": "discussion",
        "minutes_planned": 20,
        "vote": 0,
    }
    assert "Name the subject" in staff.post(f"{page}/items/new", data=item).text
    for title in ("Reserve", "Calendar"):
        assert staff.post(f"{page}/items/new", data=item | {"title": title}).status_code == 303
    first, second = db.session.scalars(select(AgendaItem.id).order_by(AgendaItem.position)).all()
    assert staff.get(f"/meetings/items/{first}/edit").status_code == 200
    changed = staff.post(f"/meetings/items/{first}/edit", data=item | {"title": "Reserve of the year"})
    assert changed.status_code == 303
    assert staff.post(f"/meetings/items/{second}/move", data={"direction": "up"}).status_code == 303
    shown = staff.get(page).text
    assert shown.index("1. Calendar") < shown.index("2. Reserve of the year")
    assert "40 minutes planned" in shown
    assert staff.post(f"/meetings/items/{second}/remove").status_code == 303
    assert staff.get(f"{page}/edit").status_code == 200
    assert staff.post(f"{page}/edit", data=form | {"ends": "18:30", "title": "Board"}).status_code == 303
    asked = staff.get(f"{page}/call").text
    assert "Send the notice to 3 people" in asked
    assert staff.post(f"{page}/call").status_code == 303
    assert "no longer changes" in staff.post(f"{page}/items/new", data=item | {"title": "Late"}).text
    assert staff.get(f"{page}/edit").status_code == 409
    assert staff.get(f"{page}/cancel").status_code == 200
    assert staff.post(f"{page}/cancel").status_code == 422
    assert staff.post(f"{page}/cancel", data={"reason": "Storm warning"}).status_code == 303
    assert "Storm warning" in staff.get(page).text


def test_a_short_notice_asks_for_its_reason(house, sign_in, at_d):
    meeting = plan(house, start=at_d + timedelta(days=2)).id
    staff = sign_in("petra")
    assert "Why the notice is shorter" in staff.get(f"/meetings/{meeting}/call").text
    refused = staff.post(f"/meetings/{meeting}/call")
    assert refused.status_code == 422
    assert "7 days of notice are asked for, and this call gives 2" in refused.text
    assert staff.post(f"/meetings/{meeting}/call", data={"short_notice": "All agreed."}).status_code == 303
    assert "All agreed." in staff.get(f"/meetings/{meeting}").text


def test_who_sees_a_board_meeting(house, sign_in):
    meeting = plan(house).id
    chair, holder = sign_in("irene"), sign_in("hana", seat(house, "hana_seat"))
    assert chair.get(f"/meetings/{meeting}").status_code == 200
    assert holder.get(f"/meetings/{meeting}").status_code == 403
    actions.call_meeting(house["staff"], db.session.get(Meeting, meeting))
    shown = holder.get(f"/meetings/{meeting}").text
    assert "Choose between two offers." in shown
    assert "Cancel the meeting" not in shown
    assert "Board meeting" in holder.get("/meetings/").text
    assert sign_in("hana").get(f"/meetings/{meeting}").status_code == 403
    assert "Board meeting" not in sign_in("grace").get("/meetings/").text
    assert holder.get(f"/meetings/{meeting}/minutes").status_code == 403
    assert holder.get(f"/meetings/{meeting}/minutes/edit").status_code == 403
    assert holder.get("/meetings/999").status_code == 404


def test_attendance(house, sign_in):
    with clock.frozen_at(AFTER):
        meeting = hold(house).id
        staff, lines = sign_in("petra"), [line.id for line in queries.list_attendance(meeting)]
        address = f"/meetings/{meeting}/attendance"
        assert "independent chair" in staff.get(address).text
        marks = {f"p{line}": "invited" for line in lines} | {f"p{lines[0]}": "present"}
        assert staff.post(address, data=marks | {"rest": "absent"}).status_code == 303
        kept = [line.presence for line in queries.list_attendance(meeting)]
        assert kept == [Presence.PRESENT, Presence.ABSENT, Presence.ABSENT]
        refused = staff.post(address, data=marks | {f"p{lines[0]}": "asleep", "rest": ""})
        assert refused.status_code == 422
        guest = {"name": "Rui", "member": house.members["M03"], "presence": "online"}
        assert staff.post(f"{address}/people", data=guest).status_code == 303
        assert staff.post(f"{address}/people", data=guest).status_code == 422
        added = db.session.scalars(select(Attendance).where(Attendance.name == "Rui")).one()
        assert (added.organisation, added.presence) == ("Clinic M03", Presence.ONLINE)
        assert staff.post(f"/meetings/attendance/{added.id}/remove").status_code == 303
        assert len(queries.list_attendance(meeting)) == 3


def test_minutes_on_one_screen(house, sign_in):
    with clock.frozen_at(AFTER):
        meeting = hold(house).id
        first, second = (item.id for item in queries.list_items(meeting))
        staff = sign_in("petra")
        screen = staff.get(f"/meetings/{meeting}/minutes/edit").text
        assert screen.count("<textarea") == 4
        plain = staff.post(f"/meetings/items/{first}/minute", data={f"minute{first}-minute": "Offer A was chosen."})
        assert plain.location.endswith(f"/meetings/{meeting}/minutes/edit#item-{first}")
        address = f"/meetings/items/{second}/minute"
        swapped = staff.post(address, data={f"minute{second}-minute": "Dates noted."}, headers=SWAP)
        assert f'id="item-{second}"' in swapped.text
        assert "The minutes of item 2 are saved." in swapped.text
        assert "Offer A" not in swapped.text
        task = {f"task{second}-title": "", f"task{second}-owner": "0", f"task{second}-due_on": "2026-12-20"}
        refused = staff.post(f"/meetings/items/{second}/tasks", data=task)
        assert refused.status_code == 422
        assert "Say what has to be done." in refused.text
        assert "Offer A was chosen." in refused.text
        assert staff.post(f"/meetings/items/{second}/tasks", data=task, headers=SWAP).status_code == 422
        good = task | {f"task{second}-title": "Send the dates", f"task{second}-owner": str(house.members["M03"])}
        assert "Send the dates" in staff.post(f"/meetings/items/{second}/tasks", data=good, headers=SWAP).text
        made = db.session.scalars(select(Task)).one()
        shown = staff.get(f"/tasks/{made.id}").text
        assert f"/meetings/items/{second}" in shown
        assert staff.get(f"/meetings/items/{second}").location.endswith(f"/meetings/{meeting}/minutes#item-{second}")
        refused = staff.post(f"/meetings/{meeting}/circulate")
        assert refused.status_code == 422
        assert "3 of 3 people have no entry yet" in refused.text


def test_corrections_and_approval(house, sign_in):
    with clock.frozen_at(AFTER):
        meeting = circulated(house).id
        holder, staff = sign_in("hana", seat(house, "hana_seat")), sign_in("petra")
        page = f"/meetings/{meeting}/minutes"
        assert "Ask for a correction" in holder.get(page).text
        assert "Ask for a correction" not in staff.get(page).text
        item = db.session.scalars(select(AgendaItem.id).order_by(AgendaItem.position)).first()
        assert holder.post(f"/meetings/{meeting}/corrections", data={"item": item, "text": ""}).status_code == 422
        given = {"item": item, "text": "Offer B, not A."}
        assert holder.post(f"/meetings/{meeting}/corrections", data=given).status_code == 303
        assert sign_in("hana").post(f"/meetings/{meeting}/corrections", data=given).status_code == 403
        assert "Offer B, not A." in holder.get(page).text
        correction = db.session.scalars(select(Correction.id)).one()
        answer = f"/meetings/corrections/{correction}/answer"
        assert holder.get(answer).status_code == 403
        assert "Minutes of Room for the secretariat." in staff.get(answer).text
        assert staff.post(answer, data={"answer": "x"}).status_code == 422
        assert "Say why the correction is not taken over" in staff.post(answer, data={"accepted": "no"}).text
        taken = {"accepted": "yes", "new_text": "Offer B was chosen.", "answer": "You are right."}
        assert staff.post(answer, data=taken).status_code == 303
        assert "Answered on" in staff.get(answer).text
        shown = holder.get(page).text
        assert "Taken over" in shown
        assert "Offer B was chosen." in shown
        assert "Corrections are still taken" in staff.get(f"/meetings/{meeting}/approve").text
        assert staff.post(f"/meetings/{meeting}/approve").status_code == 422
    with clock.frozen_at(AFTER + timedelta(days=11)):
        chair = sign_in("irene", seat(house, "chair"))
        assert "Ask for a correction" not in chair.get(page).text
        assert "This fixes the minutes for good" in chair.get(f"/meetings/{meeting}/approve").text
        assert chair.post(f"/meetings/{meeting}/approve").status_code == 303
        approved = db.session.get(Meeting, meeting)
        assert approved.minutes_state is MinutesState.APPROVED
        assert "Approved on Fri 11 Dec 2026, 17:00 by Irene" in chair.get(page).text
        assert staff.get(f"/meetings/{meeting}/minutes/edit").status_code == 409
        late = {f"minute{item}-minute": "Offer C."}
        swapped = staff.post(f"/meetings/items/{item}/minute", data=late, headers=SWAP)
        assert swapped.status_code == 422
        assert "nothing changes them any more" in swapped.text


def test_the_embedded_vote_says_where_it_stands_and_never_more(house, sign_in):
    recused = house.seats["hana_seat"]
    with clock.frozen_at(START + timedelta(minutes=5)):
        meeting = hold(house)
        vote = vote_on(house, recusals={f"S{recused}": "competitor"})
        item, meeting_id, vote_id = queries.list_items(meeting.id)[0].id, meeting.id, vote.id
        staff, page = sign_in("petra"), f"/meetings/{meeting_id}"
        assert "Admit X" in staff.get(f"/meetings/items/{item}/vote").text
        assert staff.post(f"/meetings/items/{item}/vote", data={"vote": vote_id}).status_code == 303
        votes.cast_ballot(house["chair"], get_vote(vote_id), Choice.YES)
        votes.cast_ballot(house["owen_seat"], get_vote(vote_id), Choice.NO)
        owen, hana = sign_in("owen", seat(house, "owen_seat")), sign_in("hana", seat(house, "hana_seat"))
        shown = owen.get(page).text
        assert "Votes are cast until Mon 30 Nov 2026, 15:05" in shown
        assert "X is admitted." in shown
        assert "50%" not in shown
        hidden = hana.get(page).text
        assert "The papers of this item are not shown to you" in hidden
        assert "X is admitted." not in hidden
        assert "Choose between two offers." not in hidden
    with clock.frozen_at(AFTER):
        shown = owen.get(page).text
        assert "Its result is not declared yet" in shown
        assert "against" not in shown.lower()
        votes.declare(house["staff"], get_vote(vote_id))
        shown = owen.get(page).text
        assert "50% of the votes cast, more than half needed" in shown
        assert "Decision 2026-001" in shown
        lines = {f"p{line.id}": "present" for line in queries.list_attendance(meeting_id)}
        staff.post(f"{page}/attendance", data=lines)
        other = db.session.scalars(select(AgendaItem.id).where(AgendaItem.id != item)).one()
        for key, told in ((item, "The chair spoke of the papers."), (other, "Noted.")):
            staff.post(f"/meetings/items/{key}/minute", data={f"minute{key}-minute": told})
        assert "until the end of Thu 10 Dec 2026" in staff.get(f"{page}/circulate").text
        assert staff.post(f"{page}/circulate").status_code == 303
        minutes = owen.get(f"{page}/minutes").text
        assert "The chair spoke of the papers." in minutes
        assert "1 for, 1 against, 0 abstained" in minutes
        assert "The chair spoke of the papers." not in hana.get(f"{page}/minutes").text


def test_the_calendar_file(house, sign_in):
    meeting = plan(house)
    actions.call_meeting(house["staff"], meeting)
    address = f"/meetings/{meeting.id}/calendar.ics"
    answer = sign_in("irene").get(address)
    assert answer.mimetype == "text/calendar"
    [event] = Calendar.from_ical(answer.data).walk("VEVENT")
    assert event["URL"] == f"http://127.0.0.1:8000{address.removesuffix('/calendar.ics')}", (
        "the installation's own address"
    )
    assert event["UID"].endswith("@127.0.0.1")
    assert (event["SUMMARY"], event["STATUS"], event["LOCATION"]) == ("Board meeting", "CONFIRMED", "Rua do Cais 4")
    assert event.decoded("DTSTART") == START
    actions.cancel_meeting(house["staff"], db.session.get(Meeting, 1), reason="Storm")
    [event] = Calendar.from_ical(sign_in("irene").get(address).data).walk("VEVENT")
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)


def test_the_list_turns_pages_by_time(house, sign_in, at_d):
    values = {"body_id": house.board.id, "ends_at": at_d, "created_at": at_d, "called_at": at_d}
    rows = [{"title": f"Past {n}", "starts_at": at_d - timedelta(days=1 + n // 2)} | values for n in range(60)]
    db.session.execute(db.insert(Meeting), rows)
    staff = sign_in("petra")
    first = staff.get("/meetings/?view=past")
    assert "50 meetings shown" in first.text
    older = first.text.split('id="pager-older"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    assert "10 meetings shown" in staff.get(older).text
    assert "<html" not in staff.get("/meetings/?view=past&q=past 7", headers=SWAP).text
    assert "No meeting matches" in staff.get("/meetings/?q=nothing").text
    assert staff.get("/meetings/?view=sideways&before=yesterday").status_code == 200


def test_pages_cost_the_same_at_any_size(lite_app, at_d):
    house = found()
    with clock.frozen_at(AFTER):
        meeting = circulated(house)
        meeting_id, board, petra = meeting.id, house.board.id, house.people["petra"]
        client = lite_app.test_client().as_user(petra)
        seen = {}
        for number in (0, 10, 100):
            rows = [
                {"meeting_id": meeting_id, "position": 100 + number + n, "title": f"T{n}", "kind": ItemKind.DISCUSSION}
                for n in range(number)
            ]
            people = [
                {"meeting_id": meeting_id, "name": f"N{number}-{n}", "presence": Presence.PRESENT}
                for n in range(number)
            ]
            others = [
                {
                    "body_id": board,
                    "title": "M",
                    "starts_at": AFTER,
                    "ends_at": AFTER + timedelta(hours=1),
                    "created_at": AFTER,
                }
                for n in range(number)
            ]
            for table, values in ((AgendaItem, rows), (Attendance, people), (Meeting, others)):
                if values:
                    db.session.execute(db.insert(table), values)
            for page in (
                "",
                f"{meeting_id}",
                f"{meeting_id}/minutes",
                f"{meeting_id}/attendance",
                f"{meeting_id}/minutes/edit",
            ):
                assert client.get(f"/meetings/{page}").status_code == 200
                seen.setdefault(page, set()).add(len(client.statements))
    assert {page: len(counts) for page, counts in seen.items()} == dict.fromkeys(seen, 1)
