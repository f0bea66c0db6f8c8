"""How long a worker may hold a job, and how often it is tried. Pure."""

from datetime import timedelta

LEASE = timedelta(minutes=10)
MOST_TRIES = 8
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
KEPT_DONE = timedelta(days=30)
LONGEST_ERROR = 500


def wait_before_next(tries: int) -> timedelta:
    """How long to wait after the ``tries``-th failure (from 1): 1, 2, 4 ... minutes, at most six hours."""
    return min(FIRST_WAIT * (1 << max(0, tries - 1)), LONGEST_WAIT)


def told(error: BaseException) -> str:
    """One line about a failure, short enough to store."""
    return f"{type(error).__name__}: {error}".replace("\n", " ")[:LONGEST_ERROR]
