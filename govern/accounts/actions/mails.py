"""The mails about accounts, in the reader's language."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask_babel import force_locale
from flask_babel import gettext as _

from govern.accounts.models import SignInLink, User
from govern.cluster.queries import Cluster, get_cluster
from govern.kernel import clock
from govern.kernel.actor import Actor
from govern.notifications.actions import queue_mail


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody is appointed to, in words: the role, and for whom ("" = for the cluster)."""

    role: str
    target: str


@contextmanager
def _written_for(user: User) -> Iterator[Cluster]:
    cluster = get_cluster()
    with force_locale(user.locale or cluster.locale):
        yield cluster


def sign_in_link(user: User, link: SignInLink, address: str) -> None:
    """The link that signs in once."""
    with _written_for(user) as cluster:
        queue_mail(
            key=f"sign-in-link:{link.id}",
            to=user.email,
            subject=_("Your link to sign in to %(cluster)s", cluster=cluster.name),
            text=_(
                "Hello %(name)s,\n\nOpen this link to sign in to %(cluster)s:\n\n%(address)s\n\n"
                "It works once and for 15 minutes. If you did not ask for it, you need not do anything: "
                "without this mail nobody can sign in with it.\n",
                name=user.name,
                cluster=cluster.name,
                address=address,
            ),
            user_id=user.id,
            secret=True,
        )


def invitation(actor: Actor, user: User, *, key: str, post: Post, address: str) -> None:
    """The link to accept an invitation with."""
    with _written_for(user) as cluster:
        queue_mail(
            key=key,
            to=user.email,
            subject=_("You are invited to %(cluster)s", cluster=cluster.name),
            text=_(
                "Hello %(name)s,\n\n%(inviter)s invites you to take part in %(cluster)s as %(role)s (%(target)s).\n\n"
                "Open this link to accept, and choose how you want to sign in:\n\n%(address)s\n\n"
                "It works once and for 14 days.\n",
                name=user.name,
                inviter=actor.name,
                cluster=cluster.name,
                role=post.role,
                target=post.target or cluster.name,
                address=address,
            ),
            user_id=user.id,
            secret=True,
        )


def new_hat(actor: Actor, user: User, *, key: str, post: Post, address: str) -> None:
    """Tell somebody who already signs in that there is one more thing to act for."""
    with _written_for(user) as cluster:
        queue_mail(
            key=key,
            to=user.email,
            subject=_("You now also act as %(role)s in %(cluster)s", role=post.role, cluster=cluster.name),
            text=_(
                "Hello %(name)s,\n\n%(inviter)s appointed you as %(role)s (%(target)s). Sign in as usual and choose it "
                "under your name:\n\n%(address)s\n",
                name=user.name,
                inviter=actor.name,
                role=post.role,
                target=post.target or cluster.name,
                address=address,
            ),
            user_id=user.id,
        )


def account_changed(user: User, what: str) -> None:
    """Tell the owner that a way in has changed, in case it was somebody else. ``what``: one translated sentence."""
    with _written_for(user) as cluster:
        queue_mail(
            key=f"account:{user.id}:{clock.now().isoformat()}",
            to=user.email,
            subject=_("Your account at %(cluster)s was changed", cluster=cluster.name),
            text=_(
                "Hello %(name)s,\n\n%(what)s\n\nIf this was not you, write to %(help)s at once.\n",
                name=user.name,
                what=what,
                help=cluster.help_email or cluster.name,
            ),
            user_id=user.id,
        )
