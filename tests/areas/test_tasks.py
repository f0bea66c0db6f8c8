"""Tasks through their actions and their pages."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from govern.audit.models import AuditEntry
from govern.extensions import db
from govern.kernel.actor import HatKind, Role
from govern.kernel.errors import NotAllowedError
from govern.tasks import actions, queries
from govern.tasks.models import Task
from govern.tasks.queries import Show, TaskFilter
from govern.tasks.rules import TaskState
from tests import factories as make

TODAY = date(2026, 11, 20)


@pytest.fixture
def world(app, at_d):
    return _world()


def _world():
    make.cluster()
    care = make.category(in_college=make.college())
    lumen, chamber = make.member(care, name="Lumen Eye Clinic"), make.member(care, name="Medical Chamber")
    petra, hana, sofia = make.staff(), make.delegate(lumen, "Hana Brandt"), make.delegate(chamber, "Sofia Leal")
    staff = make.actor_of(petra, HatKind.STAFF, Role.SECRETARIAT, label="Secretariat")
    owner = make.actor_of(hana, HatKind.MEMBER, Role.DELEGATE, member_id=lumen.id, label=lumen.name)
    other = make.actor_of(sofia, HatKind.MEMBER, Role.DELEGATE, member_id=chamber.id)
    return {
        "staff": staff,
        "owner": owner,
        "other": other,
        "lumen": lumen.id,
        "chamber": chamber.id,
        "petra": petra.id,
        "hana": hana.id,
        "sofia": sofia.id,
    }


def assign(world, days=7, **given):
    values = {"title": "Send the hygiene report", "due_on": TODAY + timedelta(days=days), "member_id": world["lumen"]}
    return actions.assign_task(world["staff"], **values | given)


def test_the_life_of_a_task_is_told_by_its_history(world):
    task = assign(world, source_kind="agenda_item", source_id=3, source_label="Board, item 2")
    actions.accept(world["owner"], task)
    actions.complete(world["owner"], task, note="Filed as document 14")
    assert task.state is TaskState.DONE
    told = [(event.what, event.by, event.note) for event in queries.history_of(task)]
    assert told == [
        ("assigned", "Petra Lund, Secretariat", ""),
        ("accepted", "Hana Brandt, Lumen Eye Clinic", ""),
        ("done", "Hana Brandt, Lumen Eye Clinic", "Filed as document 14"),
    ]
    logged = db.session.scalars(
        select(AuditEntry.action).where(AuditEntry.object_kind == "task").order_by(AuditEntry.id)
    )
    assert list(logged) == ["task.assigned", "task.accepted", "task.done"]
    assert [row.owner for row in queries.tasks_of("agenda_item", 3)] == ["Lumen Eye Clinic"]


def test_a_declined_task_is_given_to_another_owner(world):
    task = assign(world)
    with pytest.raises(NotAllowedError):
        actions.decline(world["other"], task, reason="not ours")
    actions.decline(world["owner"], task, reason="We hold no such data")
    assert task.state is TaskState.DECLINED
    actions.reassign(world["staff"], task, member_id=world["chamber"], due_on=TODAY + timedelta(days=20))
    assert (task.state, task.member_id) == (TaskState.OPEN, world["chamber"])
    actions.accept(world["other"], task)


def test_lists_are_cut_by_owner_state_words_and_cursor(world):
    for days in (-3, 2, 2, 9):
        assign(world, days=days, title=f"Task due in {days}")
    assign(world, member_id=None, title="File the minutes")
    done = assign(world, days=1, title="Old business")
    actions.complete(world["owner"], done)

    def titles(actor, size=50, **given):
        rows = queries.list_tasks(world[actor], TaskFilter(**given), today=TODAY, size=size)
        return [row.Task.title for row in rows]

    assert titles("owner") == ["Task due in -3", "Task due in 2", "Task due in 2", "Task due in 9"]
    assert titles("other") == []
    assert titles("other", mine=False)[-1] == "Task due in 9"
    assert titles("staff") == ["File the minutes"]
    assert titles("owner", show=Show.OVERDUE) == ["Task due in -3"]
    assert titles("owner", show=Show.DONE) == ["Old business"]
    assert titles("staff", mine=False, q="MINUTES") == ["File the minutes"]
    assert len(titles("staff", mine=False, q="lumen eye")) == 4
    second = queries.list_tasks(world["owner"], TaskFilter(), today=TODAY)[1].Task
    rest = queries.list_tasks(world["owner"], TaskFilter(after=(second.due_on, second.id)), today=TODAY)
    assert [row.Task.title for row in rest] == ["Task due in 2", "Task due in 9"]
    assert queries.count_tasks(world["owner"]) == (4, 5)


def test_needs_you(world):
    task = assign(world)
    assign(world, member_id=None, title="File the minutes")

    def needs(actor):
        statement = queries.needs_you(world[actor])
        return [(row.kind, row.title, row.due_on) for row in db.session.execute(statement)]

    assert needs("owner") == [("task", "Send the hygiene report", TODAY + timedelta(days=7))]
    assert needs("other") == []
    assert needs("staff") == [("task", "File the minutes", TODAY + timedelta(days=7))]
    actions.decline(world["owner"], task, reason="no")
    assert sorted(row[0] for row in needs("staff")) == ["task", "task_declined"]
    assert queries.needs_you(make.actor_of(make.user(), HatKind.LIAISON, Role.LIAISON, department_id=1)) is None


def test_pages(world, app):
    task = assign(world).id
    client = app.test_client().as_user(world["hana"])
    listed = client.get("/tasks/")
    assert "Send the hygiene report" in listed.text
    assert "<html" not in client.get("/tasks/?show=all&q=hyg", headers={"HX-Request": "true"}).text
    shown = client.get(f"/tasks/{task}")
    assert "Accept task" in shown.text
    assert "Reassign" not in shown.text
    refused = client.post(f"/tasks/{task}/decline", data={"decline-note": " "})
    assert refused.status_code == 422
    assert "Say why you decline the task" in refused.text
    answered = client.post(f"/tasks/{task}/decline", data={"decline-note": "We hold no such data"})
    assert answered.status_code == 303
    assert "We hold no such data" in client.get(f"/tasks/{task}").text
    other = app.test_client().as_user(world["sofia"])
    assert other.get(f"/tasks/{task}").status_code == 200
    assert other.post(f"/tasks/{task}/reopen", data={"reopen-note": "x"}).status_code == 403
    assert other.post(f"/tasks/{task}/cancel").status_code == 403


def test_pages_of_the_secretariat(world, app):
    task = assign(world).id
    client = app.test_client().as_user(world["petra"])
    assert client.get("/tasks/new").status_code == 200
    bad = client.post("/tasks/new", data={"title": "", "owner": "0", "due_on": "nonsense"})
    assert bad.status_code == 422
    made = client.post("/tasks/new", data={"title": "Book a hall", "owner": "0", "due_on": "2026-12-01"})
    assert made.status_code == 303
    assert "Secretariat" in client.get(made.location).text
    data = {"reassign-owner": str(world["chamber"]), "reassign-due_on": "2026-12-10"}
    assert client.post(f"/tasks/{task}/reassign", data=data).status_code == 303
    assert db.session.get(Task, task).member_id == world["chamber"]
    assert client.post(f"/tasks/{task}/cancel", data={"cancel-note": "done elsewhere"}).status_code == 303
    assert client.get("/tasks/99999").status_code == 404


def test_the_list_costs_the_same_at_any_size(lite_app, at_d):
    world = _world()
    client = lite_app.test_client().as_user(world["hana"])
    seen = set()
    for rows in (10, 90, 900):
        values = {"member_id": world["lumen"], "due_on": TODAY, "created_at": at_d}
        db.session.execute(db.insert(Task), [{"title": f"Task {n}"} | values for n in range(rows)])
        assert client.get("/tasks/").status_code == 200
        seen.add(len(client.statements))
    assert len(seen) == 1
