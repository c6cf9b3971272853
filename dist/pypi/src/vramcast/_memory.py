"""Answers that were given a moment ago, for those who ask the same again, as notebooks do."""

from __future__ import annotations

import json
import os
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

# What an answer rests on may change unseen, such as a config in the Hub's cache; the server keeps as
# long.
KEPT_SECONDS = 60.0
MOST_BYTES = 16 << 20
_LONGEST_BYTES = 1 << 20

# A card of this machine, or several, as LocalGpus of the program has it.
LOCAL = re.compile(r"\s*local(?:\s*:\s*\d{1,4})?\s*", re.IGNORECASE)


class Memory:
    """Answers by what was asked. None is kept that rests on a file of the user or on this machine's
    card; fetched prices and corrections that change, and another day, are another question.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._bytes = 0

    def key(self, message: dict[str, Any]) -> str | None:
        """What was asked, with all that answers rest on; None where that cannot be told."""
        fields = message["fields"]
        if "paths" in message or "files" in fields:
            return None
        folder = message["folder"]
        for text in _texts(fields):
            if LOCAL.fullmatch(text) or _is_there(folder, text):
                return None
        asked = [message["operation"], message["hub"], date.today().isoformat(), *_stamps(), fields]
        return json.dumps(asked)

    def find(self, key: str) -> dict[str, Any] | None:
        with self._lock:
            text, since = self._kept.get(key, ("", 0.0))
            if not text or time.monotonic() - since > KEPT_SECONDS:
                return None
            self._kept.move_to_end(key)
        return json.loads(text)

    def keep(self, key: str, answer: dict[str, Any]) -> None:
        text = json.dumps(answer)
        if len(key) + len(text) > _LONGEST_BYTES:
            return
        with self._lock:
            self._drop(key)
            self._kept[key] = (text, time.monotonic())
            self._bytes += len(key) + len(text)
            while self._bytes > MOST_BYTES:
                self._drop(next(iter(self._kept)))

    def _drop(self, key: str) -> None:
        text, _ = self._kept.pop(key, (None, None))
        if text is not None:
            self._bytes -= len(key) + len(text)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self._bytes = 0


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        if "\0" not in value:
            yield value
    elif isinstance(value, dict):
        for it in value.values():
            yield from _texts(it)
    elif isinstance(value, list):
        for it in value:
            yield from _texts(it)


def _is_there(folder: str, text: str) -> bool:
    return os.path.lexists(os.path.join(folder, os.path.expanduser(text)))


def _stamps() -> list[list[Any]]:
    """Which prices were fetched when, and which corrections made."""
    own, configs = _named("VRAMCAST_CACHE"), _named("XDG_CONFIG_HOME")
    try:
        cache = own or (_named("XDG_CACHE_HOME") or Path.home() / ".cache") / "vramcast"
        corrections = (configs or Path.home() / ".config") / "vramcast" / "corrections.ini"
    except RuntimeError:
        return []
    return [[str(it), *_stamp(it)] for it in (*_inside(cache / "prices"), corrections)]


def _named(variable: str) -> Path | None:
    text = os.environ.get(variable, "").strip()
    return Path(text) if text else None


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _stamp(file: Path) -> tuple[int, int]:
    try:
        told = os.stat(file)
    except OSError:
        return (0, 0)
    return (told.st_mtime_ns, told.st_size)
