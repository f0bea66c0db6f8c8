"""The frame around every page: navigation by permission, for whom one acts, flashes, the error summary.

``Frame`` is what govern.areas hands in: the navigation of all areas and the counter behind the badges.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from json import loads
from typing import Any

from flask import Flask, current_app, get_flashed_messages, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from govern.kernel.actor import Actor, HatKind

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One destination an area offers: shown when ``rule(actor)`` holds; ``count_key`` names its badge."""

    label: Callable[[], str]
    icon: str
    endpoint: str
    rule: Callable[[Actor], bool]
    group: str = ""
    count_key: str = ""
    tab_for: frozenset[HatKind] = frozenset()


@dataclass(frozen=True, slots=True)
class NavItem:
    """A navigation entry as the layout shows it."""

    label: str
    icon: str
    href: str
    current: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """What the areas give the page frame; ``group_labels`` in order of appearance, "" = the unnamed first group."""

    nav: Sequence[NavEntry] = ()
    group_labels: dict[str, Callable[[], str]] = field(default_factory=dict)
    counter: Callable[[Actor], dict[str, int]] = lambda _actor: {}
    links: dict[str, str] = field(default_factory=dict)
    visitor_cluster: Callable[[], Any] = lambda: None


@dataclass(frozen=True, slots=True)
class Shell:
    """Everything templates/layouts reads; the texts are translated, the links are ready."""

    cluster_name: str = "Govern"
    person_name: str | None = None
    initials: str = ""
    hat_label: str | None = None
    hats: Sequence[Any] = ()
    nav: Sequence[tuple[str | None, Sequence[NavItem]]] = ()
    tabs: Sequence[NavItem] = ()
    theme: str = "auto"
    lang: str = "en"
    dir: str = "ltr"
    zone_note: str = ""
    help_email: str = ""
    flashes: Sequence[Any] = ()
    errors: Sequence[tuple[str, str]] = ()
    links: dict[str, str] = field(default_factory=dict)
    demo: bool = False


def build_shell(errors: Sequence[tuple[str, str]] = (), badges: dict[str, int] | None = None) -> Shell:
    """The frame for this request; one statement for the badges, none else (the sign-in loaded the rest)."""
    frame: Frame = current_app.extensions["govern_frame"]
    lang = str(get_locale() or "en").split("_", 1)[0]
    base = Shell(
        lang=lang,
        dir="rtl" if lang in RIGHT_TO_LEFT else "ltr",
        flashes=_flashes(),
        errors=errors,
        links={name: url_for(endpoint) for name, endpoint in frame.links.items()},
        demo=current_app.config["GOVERN"].is_demo,
    )
    if not (current_user and current_user.is_authenticated):
        cluster = frame.visitor_cluster()
        return base if cluster is None else replace(base, cluster_name=cluster.name, help_email=cluster.help_email)
    actor: Actor = current_user.actor
    counts = frame.counter(actor) if badges is None else badges
    shown = [entry for entry in frame.nav if entry.rule(actor)]
    items = {entry.endpoint: _item(entry, counts) for entry in shown}
    return replace(
        base,
        cluster_name=current_user.cluster.name,
        help_email=current_user.cluster.help_email,
        zone_note=_("Times shown in %(zone)s", zone=current_user.cluster.zone),
        person_name=actor.name,
        initials="".join(word[0] for word in actor.name.split()[:: max(1, len(actor.name.split()) - 1)][:2]).upper(),
        hat_label=actor.label,
        hats=current_user.hats,
        theme=current_user.theme,
        nav=[
            (label() if label else None, [items[e.endpoint] for e in shown if e.group == group])
            for group, label in ({"": None} | frame.group_labels).items()
            if any(e.group == group for e in shown)
        ],
        tabs=[items[e.endpoint] for e in shown if actor.hat in e.tab_for][:4],
    )


def _flashes() -> list[tuple[str, str, str | None, str | None]]:
    """(kind, text, href, href text) of each waiting message; govern.web.forms.say wrote them as JSON."""
    found = []
    for waiting in get_flashed_messages(with_categories=True):
        said = loads(waiting[1])
        found.append((waiting[0], said["text"], said["href"], said["href_text"]))
    return found


def _item(entry: NavEntry, counts: dict[str, int]) -> NavItem:
    here = _is_current(entry.endpoint)
    return NavItem(entry.label(), entry.icon, url_for(entry.endpoint), here, counts.get(entry.count_key, 0))


def _is_current(endpoint: str) -> bool:
    """An area's entry is current on all its pages; the desk has several entries, of which one page belongs to one."""
    area, _dot, name = endpoint.partition(".")
    here, _dot, page = (request.endpoint or "").partition(".")
    return here == area and (area != "desk" or page.removesuffix("s") == name.removesuffix("s"))


def init_app(app: Flask) -> None:
    """An empty frame until govern.areas fills it."""
    app.extensions["govern_frame"] = Frame()
