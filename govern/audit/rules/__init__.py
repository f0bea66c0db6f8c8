"""Who may read the log. Pure; the tree lies in ``merkle``, signed heads in ``heads``."""

from govern.kernel.actor import Actor, Role

READERS = (Role.SEAT, Role.CHAIR, Role.SECRETARIAT, Role.ADMIN, Role.AUDITOR)
HASH_READERS = (Role.LIAISON, Role.OBSERVER)


def may_read_log(actor: Actor) -> bool:
    """Entries in full: the board, the secretariat, the auditor."""
    return actor.has(*READERS)


def may_read_entry(actor: Actor, _entry: object) -> bool:
    """One entry in full: whoever reads the log reads all of it."""
    return may_read_log(actor)


def may_see_hashes(actor: Actor) -> bool:
    """The hashes of sealed entries and the signed heads: readers of the log, and liaisons and observers."""
    return may_read_log(actor) or actor.has(*HASH_READERS)
