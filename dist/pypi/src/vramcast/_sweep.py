"""Whole tables: a process of its own for each, since a sweep takes all cores for long."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from typing import Any

from vramcast._engine import seconds
from vramcast._errors import CallTimeoutError, InputError, ProcessError, VramcastError
from vramcast._question import plain, shown
from vramcast._usage import BAD_INPUT

# What takes longer is to be asked for.
USUAL_SECONDS = 3600.0
_MOST_THREADS = 256
_OPTIONS = {"--columns": "columns", "--threads": "threads"}


class SweepTable:
    """The rows of a sweep, each a mapping of columns; ``report`` is what the program says of it."""

    def __init__(self, rows: list[dict[str, Any]], report: str):
        self.rows = rows
        self.report = report

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self):
        return iter(self.rows)

    def __getitem__(self, index):
        return self.rows[index]

    def __repr__(self) -> str:
        return f"<SweepTable of {len(self.rows)} rows>"

    def to_pandas(self):
        """The rows as a pandas DataFrame."""
        from vramcast._frames import to_pandas

        return to_pandas({"rows": self.rows}, "rows" if self.rows else None)

    def to_polars(self):
        """The rows as a polars DataFrame."""
        from vramcast._frames import to_polars

        return to_polars({"rows": self.rows}, "rows" if self.rows else None)

    def _repr_html_(self) -> str:
        from vramcast._html import _table

        return _table({"rows": self.rows, "summary": self.report})


def sweep(
    spec: Mapping[str, Any] | str | os.PathLike[str] | None = None,
    /,
    *,
    rows: Iterable[Mapping[str, Any]] | None = None,
    columns: Iterable[str] | None = None,
    threads: int | None = None,
    offline: bool = False,
    many: bool = False,
    timeout: float | None = None,
) -> SweepTable:
    """Estimates all combinations of a spec, or each of the jobs in ``rows``.

    spec     a job in which values may be lists and ranges, as docs/sweep.md has it, or its path
    columns  names of the columns in their order, all without it; without ``reserved_bytes`` and
             ``device_bytes`` jobs whose micro-batches differ in length take less time
    many     whether more than ten million combinations are meant
    threads  of this machine, all without it
    timeout  seconds, an hour without it

    Raises InputError for what cannot be used.
    """
    if (spec is None) == (rows is None):
        raise InputError("sweep() takes either a spec or rows", field="spec", kind="missing")
    limit = seconds(timeout, USUAL_SECONDS)
    names, count = _listed(columns), _count(threads)
    with tempfile.TemporaryDirectory(prefix="vramcast-") as folder:
        source = _source(spec, rows, folder)
        out = os.path.join(folder, "answers.jsonl")
        arguments = ["sweep", source, "--out", out, *names, *count]
        arguments += ["--offline"] if offline else []
        arguments += ["--yes"] if many else []
        report = _run(arguments, out, limit, os.path.dirname(source) == folder)
        with open(out, encoding="utf-8") as lines:
            return SweepTable([json.loads(line) for line in lines], report)


def _listed(columns: Iterable[str] | None) -> list[str]:
    if columns is None:
        return []
    try:
        names = [columns] if isinstance(columns, str) else list(columns)
    except TypeError:
        raise InputError.about("columns", shown(columns), "names of columns") from None
    for name in names:
        if not isinstance(name, str):
            raise InputError(
                f"columns has {shown(name)}, allowed: names of columns",
                field="columns", kind="not_allowed", given=shown(name), allowed="names of columns",
            )  # fmt: skip
    return [f"--columns={','.join(names)}"]


def _count(threads: int | None) -> list[str]:
    if threads is None:
        return []
    whole = isinstance(threads, int) and not isinstance(threads, bool)
    if not whole or not 1 <= threads <= _MOST_THREADS:
        allowed = f"a whole number from 1 to {_MOST_THREADS}"
        raise InputError.about("threads", shown(threads), allowed)
    return ["--threads", str(threads)]


def _source(spec: object, rows: object, folder: str) -> str:
    if isinstance(spec, (str, os.PathLike)):
        return os.path.abspath(os.fspath(spec))
    if spec is not None and not isinstance(spec, Mapping):
        raise InputError.about("spec", shown(spec), "a mapping, or a path")
    try:
        name, texts = ("spec.yaml", [spec]) if spec is not None else ("jobs.jsonl", list(rows))
    except TypeError:
        raise InputError.about("rows", shown(rows), "mappings, each a job") from None
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        for number, text in enumerate(texts, 1):
            place = "spec" if spec is not None else f"rows[{number - 1}]"
            if not isinstance(text, Mapping):
                raise InputError.about(place, shown(text), "a mapping")
            file.write(json.dumps(plain(text, place)) + "\n")
    return path


def _run(arguments: list[str], out: str, limit: float, is_own: bool) -> str:
    from vramcast.__main__ import command

    try:
        done = subprocess.run(
            command(arguments, "", ["-Dvramcast.problems=json"]),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limit,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
    except subprocess.TimeoutExpired as e:
        raise CallTimeoutError(f"the sweep is not done within {limit:g} s") from e
    except OSError as e:
        raise ProcessError("cannot start the sweep", str(e)) from e
    said = done.stderr.strip()
    # Where no row was answered the exit code is that of bad input too, and the table says why.
    unanswered = done.returncode == BAD_INPUT and not said and os.path.exists(out)
    if done.returncode == 0 or unanswered:
        lines = done.stdout.strip().splitlines()
        return "\n".join(line for line in lines if out not in line)
    if done.returncode == BAD_INPUT:
        raise _refusal(said, is_own)
    if done.returncode < 0:
        raise ProcessError.killed("the sweep", -done.returncode, said[-500:])
    raise VramcastError(said or f"the sweep ended with exit code {done.returncode}")


def _refusal(said: str, is_own: bool) -> InputError:
    """What the program says of a spec, without the place in a file that only this module knows."""
    problem = _last_block(said)
    if problem is None:
        words = said or "the sweep ended with the exit code of bad input"
        return InputError(words, kind="not_allowed")
    error = InputError.of(problem)
    first = next(iter(error.parts.get("sentence", ())), {}).get("field")
    named = _OPTIONS.get(first, first) or error.field
    if not is_own:
        return InputError(str(error), **{**error.parts, "field": named})
    sentence = error.sentence(_OPTIONS)
    nowhere = dict.fromkeys(("place", "file", "line", "column"))
    parts = {**error.parts, "field": named or "spec", **nowhere}
    return InputError(sentence if named else f"spec: {sentence}", **parts)


def _last_block(said: str) -> dict[str, Any] | None:
    """The JSON at the end of a text, before which Java may have had something to say."""
    lines = said.splitlines()
    for first in range(len(lines) - 1, -1, -1):
        if lines[first].startswith("{"):
            try:
                return json.loads("\n".join(lines[first:]))
            except ValueError:
                continue
    return None
