"""Errors that business code may raise; govern.web.errors turns each into one response."""


class GovernError(Exception):
    """Base of every expected failure."""


class NotFoundError(GovernError):
    """The thing asked for does not exist, or this person may not know that it does."""


class NotAllowedError(GovernError):
    """This person may not do this; the message, where there is one, says why and what to do."""


class RuleBrokenError(GovernError):
    """The by-laws or the state of the record do not allow this; the message is shown to the person."""


class TooManyError(GovernError):
    """Too many attempts; the message says when to try again, ``seconds`` the same for programs."""

    def __init__(self, message: str, *, seconds: int = 0) -> None:
        """``seconds``: how long to wait, 0 when that is not known."""
        super().__init__(message)
        self.seconds = seconds


class InputError(GovernError):
    """Input that cannot be taken; ``faults`` names each place, what is wrong and what to do."""

    def __init__(self, faults: "list[str] | str") -> None:
        """``faults``: one message, or one message per fault."""
        self.faults = [faults] if isinstance(faults, str) else list(faults)
        super().__init__("\n".join(self.faults))
