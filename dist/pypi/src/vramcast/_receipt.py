"""``vramcast receipt``: the record of a run as one line of a case file, with nothing private."""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vramcast._errors import InputError
from vramcast._tables import KEYWORDS

# Paths, names and data of people; all other keys of a job are numbers, switches and words.
_PRIVATE = {
    "model.id", "model.config", "data.file", "data.tokenizer", "data.lengths", "objective.teacher",
    "objective.value_model", "objective.reward_models", "hardware.gpu",
}  # fmt: skip
# What a config says of a model's shape, beside numbers and switches.
_WORDS = re.compile(r"[A-Za-z0-9_.+-]{1,48}")
_NAMING = re.compile(r"name|path|hub|url|commit|token(?!s)|repo|author|revision", re.I)
_FIGURES = (("allocated", "allocated_bytes.all.peak"), ("reserved", "reserved_bytes.all.peak"))


def receipt(record: Mapping[str, Any], kind: str = "allocated") -> dict[str, Any]:
    """The case that a record is.

    kind  which figure the case is about, allocated or reserved

    Raises InputError for what is no record of VramcastCallback.
    """
    own = record.get("vramcast")
    if not isinstance(own, Mapping) or not isinstance(own.get("job"), Mapping):
        raise InputError("the record has no job, allowed: what VramcastCallback writes")
    key = dict(_FIGURES).get(kind)
    if key is None:
        raise InputError(f"kind is {kind!r}, allowed: allocated, reserved", field="kind")
    peak = record.get(key)
    if isinstance(peak, bool) or not isinstance(peak, int) or peak <= 0:
        raise InputError(f"the record has no {key}: the run saw no GPU", field=key)
    job = _job(own["job"], own.get("measured") or {})
    case = {
        "source": "receipt of a run",
        "job": job,
        "measured": {"peak_bytes": peak, "kind": kind, "status": "ok", "quality": "complete"},
        "notes": f"vramcast {_word(own.get('vramcast_version'))}",
    }
    digest = hashlib.sha256(json.dumps(case, sort_keys=True).encode()).hexdigest()
    return {"id": f"receipt-{digest[:12]}", **case}


def _job(job: Mapping[str, Any], measured: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for path in KEYWORDS.values():
        value: Any = job
        for name in path.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        if value is not None and path not in _PRIVATE:
            plain = _plain(value)
            if plain is not None:
                _put(kept, path.split("."), plain)
    model = job.get("model") if isinstance(job.get("model"), Mapping) else {}
    config = model.get("config")
    if not isinstance(config, Mapping):
        raise InputError("the record has no model.config", field="model.config")
    _put(kept, ["model", "config"], _config(config))
    gpu = (job.get("hardware") or {}).get("gpu")
    card = measured.get("card") if gpu == "local" else gpu
    if isinstance(card, str) and re.fullmatch(r"[\w .:+-]{1,60}", card):
        _put(kept, ["hardware", "gpu"], card)
    return kept


def _config(config: Mapping[str, Any]) -> dict[str, Any]:
    """The shape of a model without anything that names it or its owner."""
    kept = {}
    for key, value in config.items():
        if _NAMING.search(str(key)) and not isinstance(value, (int, float)):
            continue
        plain = _config(value) if isinstance(value, Mapping) else _plain(value)
        if plain is not None:
            kept[key] = plain
    return kept


def _plain(value: Any) -> Any:
    """Numbers, switches and plain words; None for what could be more."""
    if isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return value if _WORDS.fullmatch(value) else None
    if isinstance(value, list):
        items = [_plain(it) for it in value]
        return None if None in items else items
    return None


def _word(value: Any) -> str:
    return value if isinstance(value, str) and _WORDS.fullmatch(value) else "?"


def _put(place: dict, path: list[str], value: Any) -> None:
    for name in path[:-1]:
        place = place.setdefault(name, {})
    place[path[-1]] = value


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="vramcast receipt",
        description="The record of a run as one line of a case file, with nothing private in it.",
        epilog="docs/contributing-runs.md says how a line becomes a case.",
    )
    parser.add_argument("record", nargs="+", type=Path, help="what VramcastCallback wrote")
    parser.add_argument("--kind", default="allocated", help="allocated or reserved")
    given = parser.parse_args(arguments)
    for path in given.record:
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            if not isinstance(record, dict):
                raise InputError("the record is no object")
            print(json.dumps(receipt(record, given.kind)))
        except OSError as e:
            print(f"vramcast: {path}: {e.strerror or e}", file=sys.stderr)
            return 2
        except (InputError, ValueError) as e:
            print(f"vramcast: {path}: {e}", file=sys.stderr)
            return 2
    return 0
