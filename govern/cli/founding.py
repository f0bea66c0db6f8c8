"""Make a new installation: database, profile of the cluster, first administrator, and the link that lets it in."""

from collections.abc import Callable
from zoneinfo import available_timezones

import click
from flask import Flask, url_for

from govern.cli.running import make_app, migrate_database, opened
from govern.kernel.actor import Actor, HatKind, Role
from govern.kernel.errors import RuleBrokenError

INSTALLER = Actor(user_id=0, name="Govern", label="the command line")


@click.command()
@click.option("--name", help="Name of the cluster.")
@click.option("--zone", help="Time zone in which its deadlines are meant, such as Europe/Lisbon.")
@click.option("--currency", help="Currency of its books, such as EUR.")
@click.option("--admin-email", help="E-mail address of the first administrator.")
@click.option("--admin-name", help="Full name of the first administrator.")
@click.option("--locale", help="Language of the cluster.  [default: en]")
def init(  # noqa: PLR0913 - one option per answer
    *,
    name: str | None,
    zone: str | None,
    currency: str | None,
    admin_email: str | None,
    admin_name: str | None,
    locale: str | None,
) -> None:
    """Make the database, found the cluster and print a one-time link for its first administrator.

    What is not given as an option is asked for. Run it again with --admin-email for a new link.
    """
    from govern import database
    from govern.cluster.queries import find_cluster

    app = make_app()
    migrate_database(app)
    with opened(app):
        database.set_mode(database.READ)
        founded = find_cluster()
        if founded is not None:
            _again(app, founded.name, admin_email)
            return
        answers = {
            "name": _answer("--name", "Name of the cluster", name, _text),
            "zone": _answer("--zone", "Time zone, such as Europe/Lisbon", zone, _zone),
            "currency": _answer("--currency", "Currency, such as EUR", currency, _currency),
            "locale": _locale(locale or "en"),
        }
        email = _answer("--admin-email", "E-mail address of the first administrator", admin_email, _email)
        person = _answer("--admin-name", "Full name of the first administrator", admin_name, _text)
        link = _found(app, answers, email=email, person=person)
    click.echo(f"{answers['name']} is founded; {person} is its administrator and its secretariat.")
    _show(link)


@click.command()
@click.argument("code")
@click.argument("name")
def department(code: str, name: str) -> None:
    """Add a department (ministry, public body) that reviews decisions, such as: health "Department of Health"."""
    from govern import database
    from govern.cli.checking import require_database
    from govern.cluster.actions import add_department
    from govern.cluster.queries import find_cluster, list_departments
    from govern.extensions import db

    code, name = _text(code).lower(), _text(name)
    with opened(make_app()):
        require_database()
        database.set_mode(database.WRITE)
        if find_cluster() is None:
            raise RuleBrokenError("There is no cluster yet. Found it with: govern init")
        if code in {each.code for each in list_departments()}:
            raise RuleBrokenError(f"There is a department {code} already. Choose another code.")
        add_department(INSTALLER, code=code, name=name)
        db.session.commit()
    click.echo(f"{name} can be named in votes now. Invite its liaison under People.")


def _again(app: Flask, cluster: str, email: str | None) -> None:
    """The cluster is there: nothing is founded twice, but an administrator who cannot get in gets a new link."""
    from govern.accounts.queries import find_user_by_email, list_holders
    from govern.cluster.queries import get_cluster
    from govern.extensions import db
    from govern.kernel import clock

    click.echo(f"The database is up to date, and {cluster} is founded already.")
    if email is None:
        click.echo("For a new sign-in link of an administrator, add --admin-email ADDRESS.")
        return
    user = find_user_by_email(email)
    if user is None or user not in list_holders({Role.ADMIN}, clock.today(get_cluster().zone)):
        raise RuleBrokenError(f"{email} is not the address of an administrator of {cluster}.")
    user_id = user.id
    db.session.rollback()
    _show(_link(app, user_id))


def _found(app: Flask, answers: dict[str, str], *, email: str, person: str) -> str:
    from govern import database
    from govern.accounts.actions import add_user, appoint
    from govern.cluster.actions import found_cluster
    from govern.extensions import db
    from govern.kernel import clock

    db.session.rollback()
    database.set_mode(database.WRITE)
    found_cluster(
        INSTALLER,
        name=answers["name"],
        zone=answers["zone"],
        currency=answers["currency"],
        locale=answers["locale"],
        help_email=email,
    )
    user = add_user(INSTALLER, email=email, name=person)
    today = clock.today(answers["zone"])
    # Both roles are one hat: who installs it can also work in it, until the secretariat's own people are invited.
    for role, title in ((Role.ADMIN, "Administrator"), (Role.SECRETARIAT, "Secretariat")):
        appoint(INSTALLER, user, HatKind.STAFF, role, valid_from=today, title=title)
    return _link(app, user.id)


def _link(app: Flask, user_id: int) -> str:
    from govern import config, database
    from govern.accounts.actions import renew_invitation
    from govern.accounts.queries import get_user
    from govern.audit.actions import record
    from govern.extensions import db

    database.set_mode(database.WRITE)
    link, token = renew_invitation(get_user(user_id))
    record(INSTALLER, "invitation.made", "user", user_id, after={"until": link.expires_at})
    db.session.commit()
    with app.test_request_context():
        return config.address(url_for("accounts.invitation", token=token))


def _show(link: str) -> None:
    click.echo("Open this link within 14 days; it works once:")
    click.echo(f"  {link}")


def _answer(option: str, question: str, given: str | None, check: Callable[[str], str]) -> str:
    """The option as given, or what is typed at the question; click.UsageError for what cannot be right."""
    if given is not None:
        return check(given)
    try:
        return str(click.prompt(question, value_proc=check))
    except click.Abort:
        raise click.UsageError(f"Nothing was founded: give {option}, or answer when asked.") from None


def _text(text: str) -> str:
    if not text.strip():
        raise click.UsageError("Give a name that is not empty.")
    return text.strip()


def _zone(text: str) -> str:
    if text not in available_timezones():
        raise click.UsageError(f"{text} is no time zone. Use a name of the IANA list, such as Europe/Lisbon.")
    return text


def _currency(text: str) -> str:
    from babel.numbers import list_currencies

    if text.upper() not in list_currencies():
        raise click.UsageError(f"{text} is no currency. Use its three letters of ISO 4217, such as EUR.")
    return text.upper()


def _email(text: str) -> str:
    from govern.accounts.rules import looks_like_email

    if not looks_like_email(text):
        raise click.UsageError(f"{text} is no e-mail address. Use one like name@example.org.")
    return text.strip().lower()


def _locale(text: str) -> str:
    from govern.extensions import babel

    known = {"en"} | {str(locale) for locale in babel.list_translations()}
    if text not in known:
        raise click.UsageError(f"There is no translation {text}. There are: {', '.join(sorted(known))}.")
    return text
