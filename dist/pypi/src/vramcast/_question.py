"""Makes a question out of what was given to a function."""

from __future__ import annotations

import difflib
import enum
import math
import os
from collections.abc import Mapping, Sequence

from vramcast._errors import InputError
from vramcast._tables import TAKES_FILES

# Deeper than any job, and far less than what the interpreter's stack holds.
_DEEPEST = 40

# Those of a double; no key takes more, and Python writes no number with far more digits.
_MOST_BITS = 1024


def question(
    operation: str,
    parameters: Mapping[str, str],
    keywords: Mapping[str, str],
    job: object,
    given: Mapping[str, object],
) -> tuple[dict, dict[str, str]]:
    """The message, and which keyword stands behind which path of the job.

    parameters  the operation's own by name, each with its kind (``flag`` or ``text``)
    keywords    the path in the job of each keyword that any job takes; none where there is no job
    job         a mapping, the path of a file, or several paths
    """
    paths, document = _split(job)
    fields: dict[str, object] = {}
    used: dict[str, str] = {}
    for name, value in given.items():
        if value is None:
            continue
        told = plain(value, name)
        word = name.rstrip("_")
        if word in parameters and not (
            parameters[word] == "flag" and not isinstance(told, bool) and word in keywords
        ):
            fields[word] = told
        elif isinstance(value, Mapping) and any(
            path.startswith(name + ".") for path in keywords.values()
        ):
            document[name] = _merged(document.get(name), told)
        elif name in keywords:
            used[keywords[name]] = name
            _put(document, keywords[name].split("."), told)
        elif name == "files" and operation in TAKES_FILES:
            fields["files"] = _texts(value)
        else:
            _unknown(name, operation, parameters, keywords)
    if document:
        _locate(document)
        fields["job"] = document
    message: dict[str, object] = {"operation": operation, "fields": fields}
    if paths:
        message["paths"] = paths
    message["folder"] = os.getcwd()
    return message, used


def _split(job: object) -> tuple[list[str], dict]:
    """Paths and document of what stands first."""
    if job is None:
        return [], {}
    if isinstance(job, (str, os.PathLike)):
        return [_path(job)], {}
    if isinstance(job, Mapping):
        return [], dict(plain(job, "job"))
    if isinstance(job, Sequence) and all(isinstance(it, (str, os.PathLike)) for it in job):
        return [_path(it) for it in job], {}
    raise InputError.about(
        "job",
        shown(job),
        "a mapping with the keys of a job, the path of a file, or several paths",
    )


def _locate(document: dict) -> None:
    """The process has a folder of its own, so that of a model is named in full."""
    model = document.get("model")
    name = model.get("id") if isinstance(model, dict) else model
    if isinstance(name, str) and (name[:1] in "./~" or os.sep in name):
        folder = os.path.expanduser(name)
        if os.path.exists(folder):
            document["model"] = {**(model if isinstance(model, dict) else {}),
                                 "id": os.path.abspath(folder)}


def _path(path: object) -> str:
    text = os.fspath(path)
    if not isinstance(text, str):
        text = os.fsdecode(text)
    return os.path.abspath(text)


def _texts(files: object) -> object:
    if isinstance(files, Mapping):
        return [{"name": str(name), "text": str(text)} for name, text in files.items()]
    return plain(files, "files")


def _put(document: dict, path: list[str], value: object) -> None:
    for name in path[:-1]:
        inner = document.get(name)
        document[name] = inner = dict(inner) if isinstance(inner, Mapping) else {}
        document = inner
    last = path[-1]
    document[last] = value


def _merged(old: object, new: object) -> object:
    return {**old, **new} if isinstance(old, Mapping) and isinstance(new, Mapping) else new


def plain(value: object, place: str, depth: int = 0) -> object:
    """The value as JSON has it."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, enum.Enum):
        return plain(value.value, place, depth + 1)
    if isinstance(value, int):
        if value.bit_length() > _MOST_BITS:
            raise InputError.about(
                place, f"{value.bit_length()} bits", f"up to {_MOST_BITS} bits", a="a number of "
            )
        return int(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise InputError.about(place, repr(value), "finite numbers")
        return float(value)
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if depth > _DEEPEST:
        raise InputError(
            f"{place} is nested too deeply",
            field=place, kind="not_allowed", allowed=f"up to {_DEEPEST} mappings and lists in another",
        )  # fmt: skip
    if isinstance(value, Mapping):
        return {
            _key(key, place): plain(item, f"{place}.{key}", depth + 1)
            for key, item in value.items()
        }
    if isinstance(value, (Sequence, set, frozenset)) and not isinstance(value, (bytes, bytearray)):
        items = sorted(value) if isinstance(value, (set, frozenset)) else value
        return [plain(item, place, depth + 1) for item in items]
    if hasattr(value, "item") and callable(value.item):  # A number of NumPy or PyTorch.
        try:
            return plain(value.item(), place, depth + 1)
        except (TypeError, ValueError, RuntimeError):
            pass
    raise InputError.about(
        place,
        shown(value),
        "texts, numbers, true or false, and lists and mappings of them",
    )


def _key(key: object, place: str) -> str:
    if isinstance(key, str):
        return key
    if isinstance(key, int) and not isinstance(key, bool):
        return str(key)  # As JSON has the keys of a config's labels.
    raise InputError(
        f"{place} has the key {shown(key)}, allowed: texts",
        field=place, kind="not_allowed", given=shown(key), allowed="texts",
    )  # fmt: skip


def _unknown(
    name: str, operation: str, parameters: Mapping[str, str], keywords: Mapping[str, str]
) -> None:
    known = {*parameters, *keywords, *(path.split(".")[0] for path in keywords.values()), "timeout"}
    near = difflib.get_close_matches(name, sorted(known), 1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise InputError(
        f"{operation}() has no keyword {name!r}.{hint}",
        field=name,
        kind="unknown",
        nearest=near[0] if near else None,
    )


def shown(value: object) -> str:
    """A value in one short line."""
    try:
        text = " ".join(repr(value).split())
    except Exception:
        return f"a {type(value).__name__}"  # Of a number too long, or of a class with a mistake.
    return text if len(text) <= 60 else text[:57] + "..."
