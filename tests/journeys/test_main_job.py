"""The main job in a real browser, by four people: the secretariat, two members, a liaison.

A motion on a co-funded line is drafted, opened, voted on, closed by the clock, declared, and reviewed by the ministry.

A member behind with its dues is told why it has no vote and what brings it back.
"""

import re
from datetime import timedelta

import pytest

TITLE = "Shall the cluster fund a night nurse for the aftercare line?"
SECRETARY, MEMBER, LIAISON = "Petra Lund", "Miguel Sarmento", "Helena Voss"
SUSPENDED = "idris.kaya@example.org"


def draft(petra):
    """The secretariat drafts a motion on line L6 with a share of the Department of Tourism, and prepares the vote."""
    page = petra.goto("/votes/new")
    page.get_by_label("Question").fill(TITLE)
    page.get_by_label("Text to be decided").fill("The cluster pays a night nurse from line L6.")
    page.get_by_label("Proposed by").fill("Board")
    page.get_by_label("Rule", exact=True).select_option(label="Budget and co-funded lines (General assembly)")
    subject = page.locator("section.card").filter(has=page.get_by_role("heading", name="Subject 1"))
    subject.get_by_label("Code").fill("L6")
    subject.get_by_label("Title").fill("Aftercare network")
    subject.get_by_label("Own share").fill("6000.00")
    subject.get_by_label("Department of Tourism").fill("8000.00")
    petra.press("Prepare the vote")


def open_it(petra):
    """Opened for the rule's period, after a page that shows what will be frozen."""
    petra.press("Open", role="link")
    petra.press("Check before opening")
    assert "58 votes" in petra.page.get_by_role("main").inner_text()
    petra.press("Open the vote now")
    return re.search(r"/votes/(\d+)", petra.page.url).group(1)


def cast(person, vote, choice):
    """From home to the ballot, choose, cast; the receipt is shown and no result."""
    person.goto("/")
    person.press(f"Vote: {TITLE}", role="link")
    person.page.get_by_role("radio", name=choice).check()
    person.press(re.compile("^Cast|^Change"))
    shown = person.page.get_by_role("main").inner_text()
    assert "receipt" in shown.lower()
    assert "How it was counted" not in shown
    assert f"/votes/{vote}" in person.page.url


@pytest.mark.parametrize("width", [1280, 390])
def test_from_a_motion_to_a_ministrys_answer(house, visitor, width):
    petra = visitor(width=width).sign_in(SECRETARY)
    draft(petra)
    vote = open_it(petra)

    miguel = visitor(width=width).sign_in(MEMBER)
    cast(miguel, vote, "Against")
    miguel.goto(f"/votes/{vote}")
    miguel.page.get_by_role("radio", name=re.compile("^For")).check()
    miguel.press("Change my vote")

    for code in ("M01", "M02", "M03", "M13", "M14", "M15", "M20", "M21", "M22"):
        house.cast(code, int(vote), "yes")

    idris = visitor(width=width)
    idris.follow_mailed_link(house, SUSPENDED)
    idris.goto(f"/votes/{vote}")
    told = idris.page.get_by_role("main").inner_text()
    assert "late" in told
    assert "225.00" in told
    assert idris.page.get_by_role("radio").count() == 0

    house.ahead = timedelta(days=15)
    house.work()
    petra.sign_in(SECRETARY)
    petra.goto(f"/votes/{vote}")
    assert "Adopted" in petra.page.get_by_role("main").inner_text()

    helena = visitor(width=width).sign_in(LIAISON)
    helena.goto("/reviews/")
    helena.press(re.compile("Aftercare network"), role="link")
    helena.page.get_by_role("radio", name="No objection").check()
    helena.press("Record answer")
    assert "is recorded" in helena.page.get_by_role("main").inner_text()

    miguel.sign_in(MEMBER)
    miguel.goto("/decisions")
    miguel.press(TITLE, role="link")
    shown = miguel.page.get_by_role("main").inner_text()
    assert "In force" in shown
    assert "No objection" in shown


def test_a_vote_without_javascript(house, visitor):
    petra = visitor(javascript=False).sign_in(SECRETARY)
    draft(petra)
    vote = open_it(petra)
    miguel = visitor(javascript=False, width=390).sign_in(MEMBER)
    miguel.goto(f"/votes/{vote}")
    miguel.press(re.compile("^Cast"))
    assert "There is a problem" in miguel.page.get_by_role("main").inner_text()
    cast(miguel, vote, "Abstain")
