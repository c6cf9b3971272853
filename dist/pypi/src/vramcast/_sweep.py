"""Whole tables: a process of its own for each, since a sweep takes all cores for long."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from typing import Any

from vramcast._errors import CallTimeoutError, InputError, ProcessError, VramcastError
from vramcast._question import _plain

_BAD_INPUT = 2


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
    timeout  seconds; without it, as long as it takes

    Raises InputError for what cannot be used.
    """
    if (spec is None) == (rows is None):
        raise InputError("sweep() takes either a spec or rows")
    with tempfile.TemporaryDirectory(prefix="vramcast-") as folder:
        source = _source(spec, rows, folder)
        out = os.path.join(folder, "answers.jsonl")
        report = _run(source, out, _listed(columns), threads, offline, many, timeout)
        with open(out, encoding="utf-8") as lines:
            return SweepTable([json.loads(line) for line in lines], report)


def _listed(columns: Iterable[str] | None) -> str | None:
    if columns is None:
        return None
    names = [columns] if isinstance(columns, str) else list(columns)
    for name in names:
        if not isinstance(name, str):
            raise InputError(f"columns has {name!r}, allowed: names of columns", field="columns")
    return ",".join(names)


def _source(spec: object, rows: object, folder: str) -> str:
    if isinstance(spec, (str, os.PathLike)):
        return os.path.abspath(os.fspath(spec))
    if spec is not None and not isinstance(spec, Mapping):
        raise InputError(f"spec is {type(spec).__name__}, allowed: a mapping, or a path")
    name, texts = ("spec.yaml", [spec]) if spec is not None else ("jobs.jsonl", list(rows))
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        for number, text in enumerate(texts, 1):
            place = "spec" if spec is not None else f"rows[{number - 1}]"
            if not isinstance(text, Mapping):
                raise InputError(f"{place} is {text!r}, allowed: a mapping", field=place)
            file.write(json.dumps(_plain(text, place)) + "\n")
    return path


def _run(
    source: str,
    out: str,
    columns: str | None,
    threads: int | None,
    offline: bool,
    many: bool,
    timeout: float | None,
) -> str:
    from vramcast.__main__ import command

    arguments = ["sweep", source, "--out", out]
    arguments += [f"--columns={columns}"] if columns is not None else []
    arguments += ["--threads", str(threads)] if threads is not None else []
    arguments += ["--offline"] if offline else []
    arguments += ["--yes"] if many else []
    try:
        done = subprocess.run(
            command(arguments, ""),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout,
            text=True,
            encoding="utf-8",
        )
    except subprocess.TimeoutExpired as e:
        raise CallTimeoutError(f"the sweep is not done within {timeout:g} s") from e
    if done.returncode == 0:
        lines = done.stdout.strip().splitlines()
        return "\n".join(line for line in lines if out not in line)
    message = done.stderr.strip().removeprefix("vramcast: ")
    if done.returncode == _BAD_INPUT:
        raise InputError(message)
    if done.returncode < 0:
        raise ProcessError(f"the sweep was killed by signal {-done.returncode}", message[-500:])
    raise VramcastError(message or f"the sweep ended with exit code {done.returncode}")
