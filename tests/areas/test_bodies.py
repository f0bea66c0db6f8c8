"""Bodies, their seats and who holds them."""

import pytest

from govern.bodies import actions, queries
from govern.bodies.rules import BodyKind
from govern.extensions import db
from govern.kernel import clock
from govern.kernel.actor import HatKind, Role
from govern.kernel.errors import InputError, NotFoundError, RuleBrokenError
from tests import factories


@pytest.fixture
def staff(app, at_d):
    factories.cluster()
    return factories.staff()


def secretariat(staff):
    return factories.actor_of(staff, HatKind.STAFF, Role.SECRETARIAT)


def test_bodies_and_seats_are_added(staff):
    who = secretariat(staff)
    board = actions.add_body(who, code="board", name="Board", kind=BodyKind.BOARD)
    college = factories.college()
    member = factories.member(factories.category(in_college=college), "M01")
    chair = actions.add_seat(who, board, position=1, label="Chair", is_chair=True)
    seat = actions.add_seat(who, board, position=2, label="College I", member=member, college=college)
    assert queries.get_body("BOARD") is board
    assert [line.id for line in queries.list_seats(board.id)] == [chair.id, seat.id]
    assert (seat.member_id, seat.college_id, seat.votes) == (member.id, college.id, True)
    assert queries.count_seats() == {board.id: (2, 2)}
    holder = factories.seat_holder(chair, "Irene Sol", Role.CHAIR)
    lines = queries.list_seat_lines(board.id, clock.now().date())
    assert [line.holders for line in lines] == [(holder.name,), ()]


def test_what_cannot_be_added(staff):
    who = secretariat(staff)
    board = actions.add_body(who, code="B", name="Board", kind=BodyKind.BOARD)
    actions.add_seat(who, board, position=1, label="Chair", is_chair=True)
    with pytest.raises(InputError, match="taken"):
        actions.add_body(who, code="b", name="Another", kind=BodyKind.PANEL)
    with pytest.raises(InputError, match="The next free number is 2"):
        actions.add_seat(who, board, position=1, label="Again")
    with pytest.raises(RuleBrokenError, match="already has a chair"):
        actions.add_seat(who, board, position=2, label="Second chair", is_chair=True)
    with pytest.raises(NotFoundError):
        queries.get_body("X")


def test_pages(app, staff):
    client = app.test_client().as_user(staff.id, "staff")
    assert "No body is set up yet" in client.get("/bodies/").text
    assert client.get("/bodies/new").status_code == 200
    assert client.post("/bodies/new", data={"code": "", "name": "", "kind": "board"}).status_code == 422
    address = client.post("/bodies/new", data={"code": "BOARD", "name": "Board", "kind": "board"}).location
    assert client.post("/bodies/new", data={"code": "BOARD", "name": "Board", "kind": "board"}).status_code == 422
    assert "has no seats yet" in client.get(address).text
    assert client.get(f"{address}/seats/new").status_code == 200
    seat = {"position": "1", "label": "Chair", "member": "0", "college": "0", "votes": "y", "is_chair": "y"}
    assert client.post(f"{address}/seats/new", data=seat).status_code == 303
    assert client.post(f"{address}/seats/new", data=seat).status_code == 422
    page = client.get(address).text
    assert "Presides" in page
    assert "Vacant" in page
    assert client.get("/bodies/999").status_code == 404
    member = factories.member(factories.category())
    delegate = factories.delegate(member)
    reader = app.test_client().as_user(delegate, f"member:{db.session.merge(member).id}")
    assert reader.get(address).status_code == 200
    assert reader.get("/bodies/new").status_code == 403
