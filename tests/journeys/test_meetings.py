"""A meeting in a real browser, from its plan to its approved minutes: the secretariat, a member, the chair."""

import re
from datetime import timedelta

from govern.kernel import clock

ZONE = "Europe/Lisbon"
TITLE = "Winter general assembly"
QUESTION = "Shall the cluster join the coastal aftercare network?"
ITEM, TASK = "Aftercare network", "Send the register of recovery beds"
DELEGATE, CHAIR = "Miguel Sarmento", "Dr. Irene Sol"
MINUTE = "The assembly heard the report. Eleven members reported vacant beds."
CORRECTED = "The assembly heard the report. Twelve members reported vacant beds."
WISH = "Twelve members reported vacant beds, not eleven."


def prepare_vote(petra):
    """A vote of the assembly to be embedded later; nothing is fixed yet."""
    page = petra.goto("/votes/new")
    page.get_by_label("Question").fill(QUESTION)
    page.get_by_label("Text to be decided").fill("The cluster joins the coastal aftercare network.")
    page.get_by_label("Proposed by").fill("Board")
    page.get_by_label("Rule", exact=True).select_option(label="Budget and co-funded lines (General assembly)")
    petra.press("Prepare the vote")
    petra.press("Open", role="link")
    petra.press("Check before opening")
    petra.press("Open the vote now")
    return int(re.search(r"/votes/(\d+)", petra.page.url).group(1))


def plan(petra, day):
    """A meeting with one item that embeds the vote; returns its number."""
    petra.goto("/meetings/")
    petra.press("New meeting", role="link")
    petra.page.get_by_label("Who meets").select_option(label="General assembly")
    petra.press("Plan the meeting")
    assert "Give the meeting a title." in petra.page.get_by_role("main").inner_text()
    petra.page.get_by_label("Title").fill(TITLE)
    petra.page.get_by_label("Day").fill(day.isoformat())
    petra.page.get_by_label("Starts at").fill("10:00")
    petra.page.get_by_label("Ends at").fill("12:00")
    petra.page.get_by_label("Place or link").fill("City hall of Port Aurel")
    petra.press("Plan the meeting")
    petra.press("Add an item", role="link")
    petra.page.get_by_label("Title").fill(ITEM)
    petra.page.get_by_label("Purpose").fill("Hear the report and decide on joining.")
    petra.page.get_by_role("radio", name=re.compile("^Decision")).check()
    petra.page.get_by_label(re.compile("^Vote")).select_option(label=QUESTION)
    petra.press("Add the item")
    return int(re.search(r"/meetings/(\d+)", petra.page.url).group(1))


def call(petra, meeting):
    petra.goto(f"/meetings/{meeting}")
    petra.press("Call the meeting", role="link")
    petra.press(re.compile(r"^Send the notice to \d+ people"))
    assert "Called" in petra.page.get_by_role("main").inner_text()


def hold(petra, meeting, due):
    """Attendance, minutes and one action item; the vote's result stands there by itself."""
    petra.goto(f"/meetings/{meeting}/attendance")
    petra.page.get_by_label("Everybody not recorded").select_option(label="Present")
    petra.page.get_by_label(re.compile("^Idris Kaya")).select_option(label="Excused")
    petra.press("Save the attendance")
    petra.press("Write the minutes", role="link")
    page = petra.page
    assert "Adopted" in page.get_by_role("main").inner_text()
    page.get_by_label("Minutes", exact=True).fill(MINUTE)
    petra.press("Save item 1")
    page.get_by_text("is saved").first.wait_for(state="attached")
    page.get_by_text("Make a task of it").click()
    task = page.locator("form").filter(has=page.get_by_role("button", name="Assign the task"))
    task.get_by_label("Owner").select_option(label="Sorriso Dental Centre")
    task.get_by_label("Due").fill(due.isoformat())
    petra.press("Assign the task")
    page.locator(".err").first.wait_for()
    task.get_by_label(re.compile("^Task|^Title|^What")).first.fill(TASK)
    petra.press("Assign the task")
    page.get_by_role("link", name=TASK).wait_for()
    petra.check()


def circulate(petra, meeting):
    petra.goto(f"/meetings/{meeting}/minutes/edit")
    petra.press("Circulate the minutes", role="link")
    petra.press("Circulate the minutes")
    assert "circulated" in petra.page.get_by_role("main").inner_text().lower()


def test_from_a_plan_to_approved_minutes(house, visitor):
    today = clock.today(ZONE)
    petra = visitor().sign_in("Petra Lund")
    vote = prepare_vote(petra)
    meeting = plan(petra, today + timedelta(days=22))
    call(petra, meeting)
    for code in ("M01", "M02", "M03", "M06", "M13", "M14", "M15", "M20", "M21", "M22"):
        house.cast(code, vote, "yes")

    house.ahead = timedelta(days=23)
    house.work()
    petra.sign_in("Petra Lund")
    hold(petra, meeting, today + timedelta(days=40))

    miguel = visitor(width=390).sign_in(DELEGATE)
    miguel.press(re.compile(TASK), role="link")
    miguel.page.get_by_text("Report it as done").click()
    miguel.page.get_by_label("Result").fill("Sent to the secretariat with 64 beds.")
    miguel.press("Mark as done")
    assert "Done" in miguel.page.get_by_role("main").inner_text()
    miguel.goto("/")
    assert TASK not in miguel.page.get_by_role("main").inner_text()

    circulate(petra, meeting)
    miguel.goto("/")
    miguel.press(re.compile(f"Minutes: {TITLE}"), role="link")
    miguel.page.get_by_label("Which part").select_option(label=f"1. {ITEM}")
    miguel.page.get_by_label("What should be corrected").fill(WISH)
    miguel.press("Ask for the correction")
    assert "Waiting" in miguel.page.get_by_role("main").inner_text()

    petra.goto(f"/meetings/{meeting}/minutes")
    petra.press("Answer it", role="link")
    petra.page.get_by_role("radio", name=re.compile("^Take it over")).check()
    petra.page.get_by_label("The item as corrected").fill(CORRECTED)
    petra.press("Send the answer")
    assert CORRECTED in petra.page.get_by_role("article").first.inner_text()

    house.ahead += timedelta(days=11)
    irene = visitor().sign_in(CHAIR)
    irene.goto(f"/meetings/{meeting}/minutes")
    irene.press("Approve", role="link")
    irene.press("Approve the minutes")
    shown = irene.page.get_by_role("main").inner_text()
    assert "Approved for good" in shown
    assert CORRECTED in shown
    assert "Decision" in shown
