"""How mails are tried again. Pure."""

from datetime import timedelta

LEASE = timedelta(minutes=10)
BATCH = 10
MOST_TRIES = 20  # almost three days: a server that is down over a weekend loses nothing
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
WIPED = "(The text is not kept: it held a way to sign in.)"


def wait_before_next(tries: int) -> timedelta:
    """How long to wait after the ``tries``-th failure (from 1): 1, 2, 4 ... minutes, at most six hours."""
    return min(FIRST_WAIT * (1 << max(0, tries - 1)), LONGEST_WAIT)


def one_line(text: str) -> str:
    """``text`` without line breaks, as headers need it."""
    return " ".join(text.split())
