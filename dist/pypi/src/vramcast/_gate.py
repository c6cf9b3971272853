"""``vramcast gate``: training files in front of a merge or a launch, for hooks and CI."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vramcast._calls import ask
from vramcast._errors import InputError, VramcastError

_LEVELS = {"warning": "warning", "note": "note"}
_CODES = {"fits": 0, "tight": 1, "does_not_fit": 3, "not_modelled": 0}
_BAD_INPUT = 2
# The reader's words for a file that is no training file, such as any other YAML of a repository.
_OTHER_FILE = "is of no known format"
# Of one that merges, serves or predicts, for which there is nothing to estimate.
_NO_TRAINING = "trains nothing: "
# Of a file, which the card that is named has an answer to.
_COUNT_UNSAID = "how many GPUs there are is not said"


@dataclass
class Finding:
    """Something to change, by place."""

    path: str
    rule: str
    level: str
    message: str
    line: int = 1
    column: int = 1


@dataclass
class Gated:
    """What there is to say of a file."""

    path: str
    code: int = 0
    verdict: str = ""
    summary: str = ""
    findings: list[Finding] = field(default_factory=list)


def gate(path: str, gpu: str | None) -> Gated | None:
    """Lints a file and, where a card is named, holds it against that; None for other files."""
    gated = Gated(path)
    try:
        lint = ask("lint", path, {})
    except InputError as e:
        if _OTHER_FILE in str(e):
            return None
        return _refused(gated, e)
    for found in lint.findings:
        if gpu is not None and found.message.startswith(_COUNT_UNSAID):
            continue
        gated.findings.append(
            Finding(
                path, found.code, _LEVELS.get(found.severity, "note"), found.message,
                found.line or 1, found.column or 1,
            )  # fmt: skip
        )
    if any(it.level == "warning" for it in gated.findings):
        gated.code = 1
    if gpu is None:
        return gated
    try:
        fit = ask("fit", path, {"gpu": gpu})
    except InputError as e:
        return _refused(gated, e)
    told = fit.to_dict()
    gated.verdict = told["verdict"]
    gated.summary = told.get("summary") or told.get("reason", "")
    gated.code = max(gated.code, _CODES[gated.verdict])
    if _CODES[gated.verdict]:
        level = "error" if gated.verdict == "does_not_fit" else "warning"
        gated.findings.append(Finding(path, gated.verdict.replace("_", "-"), level, gated.summary))
    return gated


def _refused(gated: Gated, error: InputError) -> Gated:
    place = (error.place or "").rsplit(":", 2)[1:]
    line, column = (int(it) if it.isdigit() else 1 for it in (*place, "1", "1")[:2])
    # Where it is stands beside the message, by the name that the file was given by.
    message = str(error)
    if error.place:
        message = message.removeprefix(error.place).lstrip(":, ")
    message = message.replace(str(Path(gated.path).resolve()), gated.path)
    gated.summary = message
    if _NO_TRAINING in message:
        gated.findings.append(
            Finding(gated.path, "trains-nothing", "note", message, line, column)
        )
        return gated
    gated.code = _BAD_INPUT
    gated.findings.append(Finding(gated.path, "unusable", "error", message, line, column))
    return gated


def sarif(all_gated: list[Gated], version: str) -> dict[str, Any]:
    """The findings as SARIF 2.1.0, which code hosts show by line."""
    found = [it for gated in all_gated for it in gated.findings]
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "vramcast",
                        "version": version,
                        "rules": [{"id": it} for it in sorted({it.rule for it in found})],
                    }
                },
                "results": [
                    {
                        "ruleId": it.rule,
                        "level": it.level,
                        "message": {"text": it.message},
                        "locations": [
                            {
                                "physicalLocation": {
                                    "artifactLocation": {"uri": Path(it.path).as_posix()},
                                    "region": {"startLine": it.line, "startColumn": it.column},
                                }
                            }
                        ],
                    }
                    for it in found
                ],
            }
        ],
    }


def summary(all_gated: list[Gated]) -> str:
    """A table in Markdown."""
    lines = ["| file | verdict | to change | answer |", "|---|---|--:|---|"]
    for it in all_gated:
        change = sum(one.level != "note" for one in it.findings)
        cells = (it.path, it.verdict.replace("_", " ") or "–", str(change), it.summary or "–")
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def annotation(it: Finding) -> str:
    """A finding as a command of GitHub's workflows."""

    def escaped(text: str, more: str = "") -> str:
        for character in "%\r\n" + more:
            text = text.replace(character, f"%{ord(character):02X}")
        return text

    level = "notice" if it.level == "note" else it.level
    place = f"file={escaped(it.path, ':,')},line={it.line},col={it.column}"
    return f"::{level} {place},title=vramcast {it.rule}::{escaped(it.message)}"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="vramcast gate",
        description="Lints training files, and holds them against a card.",
        epilog="Exit codes: 0 nothing to change, 1 warnings or tight, 2 not readable, 3 does not"
        " fit. Files of no framework are passed over.",
    )
    parser.add_argument("files", nargs="*", metavar="FILE")
    parser.add_argument("--gpu", help="a card, with a count as in H100:8")
    parser.add_argument("--sarif", type=Path, metavar="FILE", help="write the findings as SARIF")
    parser.add_argument("--summary", type=Path, metavar="FILE", help="add a table in Markdown")
    parser.add_argument(
        "--annotations", action="store_true", help="print the commands of GitHub's workflows"
    )
    given = parser.parse_args(arguments)
    try:
        found = [it for it in (gate(path, given.gpu) for path in given.files) if it is not None]
        _write(found, given)
    except (VramcastError, OSError) as e:
        print(f"vramcast: {e}", file=sys.stderr)
        return _BAD_INPUT
    return max((it.code for it in found), default=0)


def _write(found: list[Gated], given: argparse.Namespace) -> None:
    from importlib.metadata import version

    for gated in found:
        for it in gated.findings:
            place = f"{it.path}:{it.line}:{it.column}"
            print(annotation(it) if given.annotations else f"{place}: {it.level}: {it.message}")
        if gated.verdict == "fits" and not given.annotations:
            print(f"{gated.path}: {gated.summary}")
    if given.sarif:
        text = json.dumps(sarif(found, version("vramcast")), indent=2)
        given.sarif.write_text(text + "\n", encoding="utf-8")
    if given.summary:
        with open(given.summary, "a", encoding="utf-8") as file:
            file.write(summary(found))
    sys.stdout.flush()


__all__ = ["gate", "main", "sarif", "summary"]
