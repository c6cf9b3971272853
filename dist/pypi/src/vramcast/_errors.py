"""What goes wrong, with its parts."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Mapping
from typing import Any

_PARTS = (
    "field", "kind", "place", "file", "line", "column", "given", "allowed", "nearest", "near",
    "hint", "choices",
)  # fmt: skip
_OF_HTTP = ("type", "title", "status", "detail")


class VramcastError(Exception):
    """Anything that vramcast refuses or cannot do."""


class JavaNotFoundError(VramcastError):
    """There is no Java that could run the program."""


class InputError(VramcastError, ValueError):
    """Something that was given cannot be used.

    field    the key of the job by its path, or the parameter; None where it is about none
    kind     what kind of wrong it is, for those who tell errors apart
    place    where it stands in a text that was given, as name:line:column
    file     the name of that text, such as the path of a file
    line     of the text, from 1
    column   of the line, from 1
    given    the value, cut to one short line
    allowed  what may stand there
    nearest  the known name that was probably meant
    near     the known names near it, the nearest first, where there are several
    hint     what to do
    choices  what a name that means several may mean
    parts    all that the program says of it, these among them

    A part that nobody said is None.
    """

    field: str | None
    kind: str | None
    place: str | None
    file: str | None
    line: int | None
    column: int | None
    given: str | None
    allowed: str | None
    nearest: str | None
    near: list[str] | None
    hint: str | None
    choices: list[str] | None

    def __init__(self, message: str, **parts: Any):
        super().__init__(message)
        self.parts: dict[str, Any] = {key: it for key, it in parts.items() if it is not None}
        for name in _PARTS:
            setattr(self, name, self.parts.get(name))

    @classmethod
    def about(
        cls,
        field: str,
        given: str,
        allowed: str,
        *,
        nearest: str | None = None,
        hint: str | None = None,
        a: str = "",
    ) -> InputError:
        """That a field is what it may not be; ``a`` stands before what is given in the sentence."""
        more = f"; {hint}" if hint else ""
        ending = f". Did you mean {nearest!r}?" if nearest else ""
        return cls(
            f"{field} is {a}{given}, allowed: {allowed}{more}{ending}",
            field=field, kind="not_allowed", given=given, allowed=allowed, nearest=nearest,
            hint=hint,
        )  # fmt: skip

    @classmethod
    def of(cls, problem: Mapping[str, Any]) -> InputError:
        """What the program says of it."""
        parts = {key: it for key, it in problem.items() if key not in _OF_HTTP}
        return cls(problem["detail"], **parts)

    def in_words_of(self, names: Mapping[str, str]) -> InputError:
        """With other names for fields, where it is about no text that was given."""
        if self.field not in names or self.place is not None:
            return self
        parts = {**self.parts, "field": names[self.field]}
        return InputError(self.sentence(names) or str(self), **parts)

    def sentence(self, names: Mapping[str, str] | None = None) -> str:
        """What is wrong, what is allowed and what to do, without the place; empty where only the
        message says that."""
        return sentence(self.parts.get("sentence") or (), names)


def sentence(
    pieces: Iterable[Mapping[str, Any]],
    names: Mapping[str, str] | None = None,
    file: Callable[[str], str] = str,
) -> str:
    """A sentence of its parts: texts, fields by these names, and places in files by such names."""

    def said(piece: Mapping[str, Any]) -> str:
        if "text" in piece:
            return piece["text"]
        if "field" in piece:
            return (names or {}).get(piece["field"], piece["field"])
        numbers = (str(piece[it]) for it in ("line", "column") if it in piece)
        return ":".join((file(piece["file"]), *numbers))

    return "".join(map(said, pieces))


class CallTimeoutError(VramcastError, TimeoutError):
    """There is no answer within the limit of the call."""


class ProcessError(VramcastError):
    """The Java process is gone; ``last_words`` is the end of what it said, or that it said nothing,
    and what it was asked.
    """

    def __init__(self, message: str, last_words: str = ""):
        super().__init__(f"{message}: {last_words}" if last_words else message)
        self.last_words = last_words

    @classmethod
    def killed(cls, what: str, number: int, last_words: str) -> ProcessError:
        """By a signal, which leaves no time for words."""
        try:
            name = f"{number} ({signal.Signals(number).name})"
        except ValueError:
            name = str(number)
        return cls(f"{what} was killed by signal {name}", last_words or "it said nothing")


class DoesNotFitError(VramcastError):
    """The run that was checked does not fit; ``report`` holds the answers."""

    def __init__(self, message: str, report: object):
        super().__init__(message)
        self.report = report
