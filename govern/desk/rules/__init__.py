"""Who may open the desk's pages. Pure."""

from govern.kernel.actor import Actor, HatKind


def may_open_home(_actor: Actor) -> bool:
    """Everybody signed in has a home, also without any appointment."""
    return True


def may_read_register(actor: Actor, *_objects: object) -> bool:
    """The register is open to everybody who acts for somebody (domain.md 6.4)."""
    return actor.hat is not HatKind.NONE


SOON_DAYS = 3
"""A need due within so many days is shown in warning colour."""
