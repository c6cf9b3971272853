"""``vramcast receipt``: the record of a run as one line of a case file, with nothing private."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vramcast._cards import CARDS
from vramcast._errors import InputError
from vramcast._memory import LOCAL
from vramcast._tables import KEYWORDS
from vramcast._usage import Parser, failed
from vramcast._words import WORDS

# Paths, names and data of people, and what is made of models: those are seen to by themselves.
_OWN = {
    "model.id", "model.config", "data.file", "data.tokenizer", "data.lengths", "hardware.gpu",
}  # fmt: skip
_MODELS = ("objective.teacher", "objective.value_model", "objective.reward_models", "roles")
_NUMBER = re.compile(r"\d{1,6}(\.\d{1,6})?")
# Without local parts, and with fewer parts than an address has.
_VERSION = re.compile(r"\d{1,6}(\.\d{1,6}){0,2}((\.?(dev|post)|a|b|rc)\d{1,8})?|20\d\d-\d\d")
_VERSION_BEFORE = re.compile(r"(\d{1,6}(\.\d{1,6}){0,2})(?=[+-]|\.[a-z])")
# Of cards: how many there are, what makers call all of theirs, and words that are written as one.
_COUNTED = re.compile(r"^\d{1,4} ?[x*] ?(?=[a-z])(?!tx?\b)|(?: ?[:*] ?| x)\d{1,7}$")
_MAKERS = frozenset(
    "nvidia geforce tesla quadro amd instinct radeon intel habana google gpu card tensor core hbm2"
    " hbm2e hbm3 hbm3e graphics device".split()
)
_PARTS_OF_CARDS = re.compile(
    r"(?<=rtx)(?=\d)|(?<=rx)(?=\d)|(?<=\d)(?=ti|super|xtx?|ada|sxm|pcie|nvl)"
)
# A letter for each layer, as hybrid_override_pattern has.
_LAYERS = re.compile(r"[ME*-]+")
# What readers ask of the name of a model's class, longest first; any other is Other.
# The first is whole, since it tells Ling 2.0 from what has the same model_type.
_ENDINGS = (
    "BailingMoeV2ForCausalLM",
    "ForConditionalGeneration", "ForSequenceClassification", "ForTokenClassification",
    "ForPreTraining", "ForMaskedLM", "ForCausalLM", "LMHeadModel", "MTModel", "Model", "LM",
)  # fmt: skip
_FIGURES = (("allocated", "allocated_bytes.all.peak"), ("reserved", "reserved_bytes.all.peak"))


def receipt(record: Mapping[str, Any], kind: str = "allocated") -> dict[str, Any]:
    """The case that a record is.

    kind  which figure the case is about, allocated or reserved

    Raises InputError for what is no record of VramcastCallback.
    """
    try:
        return _receipt(record, kind)
    except RecursionError:
        raise InputError("the record is nested too deeply", kind="malformed") from None


def _receipt(record: Mapping[str, Any], kind: str) -> dict[str, Any]:
    own = record.get("vramcast")
    if not isinstance(own, Mapping) or not isinstance(own.get("job"), Mapping):
        raise InputError(
            "the record has no job, allowed: what VramcastCallback writes", kind="malformed"
        )
    key = dict(_FIGURES).get(kind)
    if key is None:
        raise InputError.about("kind", repr(kind), "allocated, reserved")
    peak = record.get(key)
    if isinstance(peak, bool) or not isinstance(peak, int) or peak <= 0:
        raise InputError(f"the record has no {key}: the run saw no GPU", field=key, kind="missing")
    measured = own.get("measured")
    job = _job(own["job"], measured if isinstance(measured, Mapping) else {})
    case = {
        "source": "receipt of a run",
        "job": job,
        "measured": {"peak_bytes": peak, "kind": kind, "status": "ok", "quality": "complete"},
        "notes": f"vramcast {_version(own.get('vramcast_version'))}",
    }
    digest = hashlib.sha256(json.dumps(case, sort_keys=True).encode()).hexdigest()
    return {"id": f"receipt-{digest[:12]}", **case}


def _job(job: Mapping[str, Any], measured: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for path in KEYWORDS.values():
        value: Any = job
        for name in path.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        if path in _MODELS and value:
            raise InputError(
                f"{path} is about other models, which a receipt cannot hold",
                field=path,
                kind="not_allowed",
            )
        if value is not None and path not in _OWN:
            _put(kept, path.split("."), _said(path, value))
    model = job.get("model") if isinstance(job.get("model"), Mapping) else {}
    config = model.get("config")
    if not isinstance(config, Mapping):
        raise InputError("the record has no model.config", field="model.config", kind="missing")
    _put(kept, ["model", "config"], _config(config))
    hardware = job.get("hardware")
    gpu = hardware.get("gpu") if isinstance(hardware, Mapping) else None
    card = measured.get("card") if isinstance(gpu, str) and LOCAL.fullmatch(gpu) else gpu
    if isinstance(card, str) and _is_card(card):
        _put(kept, ["hardware", "gpu"], card)
    return kept


def _said(path: str, value: Any) -> Any:
    """The value of a key, all of whose words are public; without one it would be another job."""
    if isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, list):
        return [_said(path, it) for it in value]
    if isinstance(value, Mapping):
        return {_said(path, key): _said(path, it) for key, it in value.items()}
    if isinstance(value, str):
        if _NUMBER.fullmatch(value) or _is_public(value):
            return value
        if path.startswith("framework."):
            if _VERSION.fullmatch(value):
                return value
            if number := _VERSION_BEFORE.match(value):
                return number[0]
    raise _own_name(path)


def _own_name(path: str) -> InputError:
    return InputError(
        f"{path} has a name of your own, which a receipt cannot hold",
        field=path,
        kind="not_allowed",
        hint="Give the record the name that public code has for it",
    )


def _is_card(text: str) -> bool:
    """Whether it is a name of a card of the catalogue and nothing more."""
    plain = re.sub(r"\b(\d+) ?(gib|gb|g)\b", r"\1gb", _COUNTED.sub("", text.strip().lower()))
    words = set(re.findall("[a-z0-9]+", _PARTS_OF_CARDS.sub(" ", plain))) - _MAKERS
    words = {"sxm" if re.fullmatch(r"sxm\d", it) else it for it in words}
    return any(
        set(needed.split()) <= words <= {*needed.split(), *more.split()} for needed, more in CARDS
    )


def _is_public(text: str) -> bool:
    # The number of a layer stands between names, as in model.layers.0.mlp.
    named = re.sub(r"(?<=[a-z])\.\d{1,3}(?=\.[a-z]|$)", "", text)
    return text in WORDS or all(it in WORDS for it in re.split("[.-]", named))


def _config(config: Mapping[str, Any]) -> dict[str, Any]:
    """The shape of a model: what readers of configs know by name, and nothing else."""
    kept: dict[str, Any] = {}
    for key, value in config.items():
        if key == "id2label" and isinstance(value, Mapping):
            kept.setdefault("num_labels", max(1, len(value)))
        elif key == "architectures" and isinstance(value, list):
            kept[key] = [_ending(it) for it in value[:1]]
        elif key in WORDS:
            plain = _config(value) if isinstance(value, Mapping) else _plain(key, value)
            if plain is not None or value is None:
                kept[key] = plain
    return kept


def _ending(name: Any) -> str:
    return next((it for it in _ENDINGS if str(name).endswith(it)), "Other")


def _plain(key: str, value: Any) -> Any:
    """Numbers, switches and words that readers know; None for a word that could be more. A list has
    all of its words, since without one it would be another model.
    """
    if isinstance(value, (bool, int, float)) or value is None:
        return value
    if isinstance(value, str):
        return value if _is_public(value) or _LAYERS.fullmatch(value) else None
    if isinstance(value, list):
        items = [_config(it) if isinstance(it, Mapping) else _plain(key, it) for it in value]
        if any(it is None and old is not None for it, old in zip(items, value)):
            raise _own_name(f"model.config.{key}")
        return items
    return None


def _version(value: Any) -> str:
    return value if isinstance(value, str) and _VERSION.fullmatch(value) else "?"


def _put(place: dict, path: list[str], value: Any) -> None:
    for name in path[:-1]:
        place = place.setdefault(name, {})
    place[path[-1]] = value


def main(arguments: list[str]) -> int:
    parser = Parser(
        "receipt",
        description="The record of a run as one line of a case file, with nothing private in it.",
        epilog="docs/contributing-runs.md says how a line becomes a case.",
    )
    parser.add_argument("record", nargs="+", type=Path, help="what VramcastCallback wrote")
    parser.add_argument("--kind", default="allocated", help="allocated or reserved")
    try:
        given = parser.parse_args(arguments)
    except InputError as e:
        return failed(e)
    for path in given.record:
        try:
            print(json.dumps(receipt(_read(path), given.kind)))
        except OSError as e:
            return failed(f"{path}: {e.strerror or e}")
        except InputError as e:
            return failed(f"{path}: {e}")
    return 0


def _read(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except RecursionError:
        raise InputError("the record is nested too deeply", kind="malformed") from None
    except ValueError as e:
        raise InputError(f"the record is not readable as JSON: {e}", kind="malformed") from None
    if not isinstance(record, dict):
        raise InputError("the record is no object", kind="malformed")
    return record
