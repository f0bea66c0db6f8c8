"""Who may do what with accounts. Pure."""

from govern.kernel.actor import Actor


def is_signed_in(_actor: Actor) -> bool:
    """Everybody with a valid session, whatever the hat."""
    return True
