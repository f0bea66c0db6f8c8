"""The frame, the macros, the style sheet and the formats: what every page relies on."""

import gzip
import re
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from flask import Flask
from flask_babel import Babel
from flask_htmx import HTMX
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from jinja2 import meta, nodes

from govern.web import assets, formats, pages, shell, styleguide
from govern.web.formats import Formats
from govern.web.shell import NavItem, Shell
from tests.client import check_html

GOVERN = Path(__file__).parents[2] / "govern"
TEMPLATES = GOVERN / "templates"
NAMES = sorted(p.relative_to(TEMPLATES).as_posix() for p in TEMPLATES.rglob("*.html"))
CSS = (GOVERN / "static/css/app.css").read_text()
SCRIPT = (GOVERN / "static/js/app.js").read_text()
SYMBOLS = set(re.findall(r'<symbol id="([a-z0-9-]+)"', (GOVERN / "static/icons/sprite.svg").read_text()))
LEAST_TEXT, LEAST_SHAPE = 4.5, 3.0


def source(name):
    return (TEMPLATES / name).read_text()


@pytest.fixture(scope="module")
def app():
    """The frame alone: no area, no database, nobody signed in."""
    bare = Flask("govern", static_folder=None, root_path=str(GOVERN))
    bare.config.update(SECRET_KEY="frame", TESTING=True, GOVERN=SimpleNamespace(is_demo=False), WTF_CSRF_ENABLED=False)
    people = LoginManager()
    people.user_loader(lambda _token: None)
    for extension in (people, CSRFProtect(), HTMX(), Babel()):
        extension.init_app(bare)
    for part in (shell, assets, formats, pages):
        part.init_app(bare)
    bare.register_blueprint(styleguide.bp)
    return bare


# ---------------------------------------------------------------- templates


@pytest.mark.parametrize("name", NAMES)
def test_a_page_keeps_nothing_outside_its_blocks(app, name):
    """A fragment is one block rendered alone: it would not see a top-level import or set of its file."""
    tree = app.jinja_env.parse(source(name))
    if any(isinstance(node, nodes.Extends) for node in tree.body):
        assert not [n for n in tree.body if isinstance(n, nodes.Import | nodes.FromImport | nodes.Assign | nodes.Macro)]


@pytest.mark.parametrize("name", NAMES)
def test_what_a_template_names_exists(app, name):
    tree = app.jinja_env.parse(source(name))
    assert {used for used in meta.find_referenced_templates(tree) if used} <= set(NAMES)
    macros = vars(app.jinja_env.globals["ui"])
    used = {node.attr for node in tree.find_all(nodes.Getattr) if getattr(node.node, "name", "") == "ui"}
    assert used <= set(macros)


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_is_in_the_sprite(app, name):
    tree = app.jinja_env.parse(source(name))
    named = [pair.value for call in tree.find_all(nodes.Call) for pair in call.kwargs if pair.key == "icon"]
    named += [c.args[0] for c in tree.find_all(nodes.Call) if getattr(c.node, "attr", "") == "icon" and c.args]
    icons = {value.value for value in named if isinstance(value, nodes.Const) and value.value}
    assert icons <= SYMBOLS


def test_every_icon_of_the_navigation_is_in_the_sprite():
    assert set(re.findall(r'icon="([a-z0-9-]+)"', (GOVERN / "areas.py").read_text())) <= SYMBOLS


@pytest.mark.parametrize("name", NAMES)
def test_nothing_inline_that_the_content_security_policy_would_stop(name):
    text = source(name)
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=|hx-on|hx-vals=.js:|javascript:", text)


# ------------------------------------------------------------- style, script


def test_sizes():
    assert len(gzip.compress(CSS.encode())) <= 12_000
    assert len(gzip.compress(SCRIPT.encode())) <= 4_000


def test_layers_stand_in_their_order():
    assert "@layer tokens, base, layout, components, utilities, print;" in CSS
    order = re.findall(r"^@layer (\w+) \{", CSS, re.MULTILINE)
    assert order == ["tokens", "base", "layout", "components", "utilities", "print"]


def test_directions_are_logical():
    """Right-to-left pages mirror by themselves only when no rule says left or right."""
    physical = r"[{;\s](?:(?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom|width|height)\s*:"
    assert not re.search(physical, re.sub(r"@media \([^)]*\)(?: and \([^)]*\)|, \([^)]*\))*", "", CSS))


def test_the_script_evaluates_nothing():
    assert not re.search(r"\beval\(|new Function|innerHTML|insertAdjacentHTML", SCRIPT)


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first, second):
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


PAIRS = [(text, ground, LEAST_TEXT) for text in ("ink", "ink2", "link") for ground in ("surface", "page", "sunk")]
PAIRS += [(kind, f"{kind}-soft", LEAST_TEXT) for kind in ("ok", "warn", "bad", "info", "mute", "accent")]
PAIRS += [
    ("on-accent", "accent", LEAST_TEXT),
    ("on-accent", "accent-hover", LEAST_TEXT),
    ("bad", "surface", LEAST_TEXT),
]
PAIRS += [("ink", f"{kind}-soft", LEAST_TEXT) for kind in ("warn", "bad", "accent")]
PAIRS += [(shape, ground, LEAST_SHAPE) for shape in ("control", "focus") for ground in ("surface", "page")]
PAIRS += [(f"chart-{kind}", "surface", LEAST_SHAPE) for kind in ("for", "against", "abstain")]
PAIRS += [(f"age-{step}", "surface", LEAST_SHAPE) for step in (1, 2, 3, 4)]


@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_contrast_in_both_themes(front, back, least):
    tokens = dict(re.findall(r"--([\w-]+): light-dark\(([^)]+)\)", CSS))
    for theme in (0, 1):
        one, two = (tokens[name].split(",")[theme].strip() for name in (front, back))
        assert contrast(one, two) >= least, (front, back, theme)


# -------------------------------------------------------------------- pages


def shell_with(**changes):
    item = NavItem("Votes", "vote", "/votes", current=True, count=2)
    values = {
        "cluster_name": "Harbour Health",
        "person_name": "Leila Haddad",
        "initials": "LH",
        "hat_label": "Al Noor Hospital",
        "nav": [(None, [item])],
        "tabs": [item],
        "links": {"home": "/", "search": "/search", "help": "/help", "sign_out": "/out", "sign_in": "/sign-in"},
    }
    return Shell(**{**values, **changes})


@pytest.fixture
def render(app):
    def rendered(template, **context):
        with app.test_request_context("/"):
            return app.jinja_env.get_template(template).render(**context)

    return rendered


@pytest.fixture
def macro(app):
    def called(text, **context):
        with app.test_request_context("/"):
            return app.jinja_env.from_string(text).render(**context)

    return called


@pytest.mark.parametrize("code", [400, 401, 403, 404, 405, 409, 410, 413, 422, 429, 500])
def test_each_error_page_says_what_to_do_and_offers_a_way_forward(render, code):
    html = render(
        "errors/error.html", code=code, title="This did not work", message="Ask for help.", shell=shell_with()
    )
    check_html(html)
    main = html.split("<main", 1)[1].split("</main>", 1)[0]
    assert "Ask for help." in main
    assert 'href="/"' in main
    assert 'href="/help"' in main


def test_an_error_page_needs_neither_a_person_nor_the_database(render):
    check_html(render("errors/error.html", code=500, title="Broken", message="Try again.", shell=Shell()))


def test_the_error_summary_stands_above_the_heading_and_the_title_says_error(render):
    frame = shell_with(errors=[("choice", "Choose For, Against or Abstain"), ("main", "The vote is closed")])
    html = render("errors/error.html", code=422, title="Your vote", message="", shell=frame)
    assert "<title>Error: Your vote" in html
    assert html.index("There is a problem") < html.index("<h1>")
    assert '<a href="#choice">' in html
    assert 'href="#main">The vote is closed' not in html


def test_flashes_stay_until_they_are_dismissed(render):
    told = ("ok", "Vote recorded.", "/receipt", "Receipt")
    html = render("errors/error.html", code=404, title="T", message="", shell=shell_with(flashes=[told]))
    assert '<a href="/receipt">Receipt</a>' in html
    assert "data-dismiss" in html


def test_a_person_with_several_hats_can_change_them_and_signs_out_by_post(render):
    hats = [SimpleNamespace(key=f"member:{n}", label=f"Member {n}", current=n == 1) for n in (1, 2)]
    frame = shell_with(hats=hats, links={"switch_hat": "/hat", "sign_out": "/out"})
    html = render("errors/error.html", code=404, title="T", message="", shell=frame)
    check_html(html)
    assert 'name="hat" value="member:2"' in html
    assert re.search(r'<form method="post" action="/out"', html)


def test_htmx_is_told_to_swap_refusals_and_to_evaluate_nothing(render):
    html = render("errors/error.html", code=404, title="T", message="", shell=Shell())
    for setting in (
        '"allowEval":false',
        '"includeIndicatorStyles":false',
        '"allowScriptTags":false',
        '"historyCacheSize":0',
    ):
        assert setting in html
    assert '{"code":"422","swap":true}' in html


def test_a_right_to_left_page_says_so(render):
    html = render(
        "errors/error.html", code=404, title="T", message="", shell=shell_with(lang="ar", dir="rtl", theme="dark")
    )
    assert '<html lang="ar" dir="rtl" data-theme="dark">' in html


# ------------------------------------------------------------------- macros


def test_timeline_states_are_words_too(macro):
    html = macro('{{ ui.timeline([("done", "Proposed", ""), ("now", "Open", ""), ("next", "In force", "")]) }}')
    assert [word in html for word in ("Done", "Now", "Still to come")] == [True] * 3


@pytest.mark.parametrize(
    ("part", "whole", "shown"), [(19, 42, "45.2%"), (2, 3, "66.6%"), (0, 0, "0.0%"), (10**18 - 1, 10**18, "99.9%")]
)
def test_chart_geometry_is_whole_number_arithmetic(macro, part, whole, shown):
    assert macro("{{ ui.pct(a, b) }}", a=part, b=whole) == shown


def test_a_result_bar_shows_every_number_as_text(macro):
    html = macro(
        '{{ ui.result_bar("Adopted", "61 for, 18 against.", [("for", "For", 61), ("against", "Against", 18)],'
        ' threshold=(2, 3), outside=[("abstain", "Abstained", 7)]) }}'
    )
    assert "<title" in html
    assert '<th scope="row">Abstained</th>' in html
    assert re.findall(r'<b class="num">(\d+)</b>', html) == ["61", "18", "7"]


def test_what_people_typed_is_escaped(macro):
    html = macro('{{ ui.todo_item(t, "/x", sub=t) }}{{ ui.facts([(t, t)]) }}{{ ui.diff([("added", t)]) }}', t="<b>&")
    assert "<b>&" not in html


def test_the_style_guide_opens_for_anybody_and_refuses_an_empty_form(app):
    client = app.test_client()
    check_html(client.get("/styleguide").text)
    refused = client.post("/styleguide", data={"title": "Kept text"})
    assert refused.status_code == 422
    check_html(refused.text)
    assert "There is a problem" in refused.text
    assert 'value="Kept text"' in refused.text


# ------------------------------------------------------------------ formats


@pytest.fixture
def english():
    return Formats(Locale("en"), ZoneInfo("Asia/Dubai"))


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (1200000, "AED", "AED 12,000.00"),
        (5, "EUR", "EUR 0.05"),
        (-150, "EUR", "EUR -1.50"),
        (1234, "JPY", "JPY 1,234"),
        (1234567, "KWD", "KWD 1,234.567"),
        (10**17 + 1, "EUR", "EUR 1,000,000,000,000,000.01"),
    ],
)
def test_money_is_exact_for_every_exponent(english, minor, currency, shown):
    assert english.money(minor, currency).replace("\N{NO-BREAK SPACE}", " ") == shown


def test_instants_are_shown_in_the_zone_of_the_cluster(english):
    closing = datetime(2026, 11, 24, 21, 30, tzinfo=UTC)
    assert english.moment_text(closing) == "Wed 25 Nov 2026, 01:30"
    assert english.day(closing) == "Wed 25 Nov 2026"
    assert str(english.moment(closing)).startswith('<time datetime="2026-11-25T01:30+04:00">')


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (date(2026, 11, 24), "in 3 days"),
        (date(2026, 11, 19), "2 days ago"),
        (date(2026, 11, 21), "today"),
        (date(2027, 1, 30), "in 70 days"),
        (datetime(2026, 11, 21, 17, 0, tzinfo=UTC), "in 5 hours"),
        (datetime(2026, 11, 21, 12, 20, tzinfo=UTC), "in 20 minutes"),
        (datetime(2026, 11, 24, 12, 0, tzinfo=UTC), "in 3 days"),
        (datetime(2026, 11, 21, 12, 0, tzinfo=UTC), "now"),
    ],
)
def test_distance_in_words(english, value, shown):
    assert english.until(value, datetime(2026, 11, 21, 12, 0, tzinfo=UTC)) == shown
