"""What goes wrong, with its parts."""

from __future__ import annotations


class VramcastError(Exception):
    """Anything that vramcast refuses or cannot do."""


class JavaNotFoundError(VramcastError):
    """There is no Java that could run the program."""


class InputError(VramcastError, ValueError):
    """Something that was given cannot be used.

    field    the key of the job by its path, or the parameter; None where it is about none
    place    where it stands in a text that was given, as name:line:column
    given    the value, cut to one short line
    nearest  the known name that was probably meant
    """

    def __init__(
        self,
        message: str,
        *,
        field: str | None = None,
        place: str | None = None,
        given: str | None = None,
        nearest: str | None = None,
    ):
        super().__init__(message)
        self.field = field
        self.place = place
        self.given = given
        self.nearest = nearest

    @classmethod
    def of(cls, problem: dict) -> InputError:
        """What the program says of it."""
        parts = {name: problem.get(name) for name in ("field", "place", "given", "nearest")}
        return cls(problem["detail"], **parts)


class CallTimeoutError(VramcastError, TimeoutError):
    """There is no answer within the limit of the call."""


class ProcessError(VramcastError):
    """The Java process is gone; ``last_words`` is the end of what it said."""

    def __init__(self, message: str, last_words: str = ""):
        super().__init__(f"{message}: {last_words}" if last_words else message)
        self.last_words = last_words


class DoesNotFitError(VramcastError):
    """The run that was checked does not fit; ``report`` holds the answers."""

    def __init__(self, message: str, report: object):
        super().__init__(message)
        self.report = report
