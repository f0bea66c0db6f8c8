"""Every page, opened by somebody who may: WCAG 2.2 AA, a silent console under the CSP, no sideways scroll."""

import pytest

from tests.arch.test_access import TABLE

# persona: who signs in with the demo's button for that role
BUTTONS = {
    "delegate": ", delegate",
    "alternate": ", alternate",
    "dues_contact": ", dues contact",
    "seat": ", holder of a seat",
    "chair": ", chair",
    "secretariat": ", secretariat",
    "treasurer": ", treasurer",
    "auditor": ", auditor",
    "liaison": ", liaison",
    "observer": ", observer",
}
NOT_PAGES = {
    "static",
    "dues.export",
    "votes.count_file",
    "accounts.second_step_qr",
    "meetings.calendar",
    "audit.witness",
}


def pages(house, persona):
    """Paths of the pages this persona is the first of the list to be allowed to open."""
    found = []
    with house.app.test_request_context():
        for rule in sorted(house.app.url_map.iter_rules(), key=lambda rule: rule.rule):
            row = TABLE.get(rule.endpoint, ("", None))
            who = next((name for name in BUTTONS if name in row[1]), None) if row[1] else "nobody"
            if "GET" not in rule.methods or rule.endpoint in NOT_PAGES or who != persona:
                continue
            values = row[2] if len(row) > 2 else {}
            adapter = house.app.url_map.bind("localhost")
            found.append(adapter.build(rule.endpoint, {name: values.get(name, 1) for name in rule.arguments}))
    return found


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("persona", [*BUTTONS, "nobody"])
def test_every_page(house, visitor, persona, width):
    who = visitor(width=width, dark=width == 390)
    if persona != "nobody":
        who.sign_in(BUTTONS[persona])
    wrong = []
    for path in pages(house, persona):
        try:
            who.goto(path)
        except AssertionError as error:
            wrong.append(str(error).splitlines()[0])
            who.noise.clear()
    assert not wrong, "\n".join(wrong)
