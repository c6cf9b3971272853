"""``vramcast gate``: training files in front of a merge or a launch, for hooks and CI."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from vramcast._calls import ask
from vramcast._errors import InputError, VramcastError, sentence
from vramcast._usage import BAD_INPUT, Parser, failed, visible

_LEVELS = {"warning": "warning", "note": "note"}
_CODES = {"fits": 0, "tight": 1, "does_not_fit": 3, "not_modelled": 0, "not_known": 0}
# A file that is no training file, such as any other YAML of a repository; and one that serves or
# predicts, for which there is nothing to estimate.
_OTHER_FILE = "unknown_format"
_NO_TRAINING = "no_training"
# What Markdown takes for more than a text: links that stand by themselves too.
_MARKDOWN = re.compile(r"[\\`*_\[\]<>|~&]|(?<=:)/(?=/)|(?<=www)\.")


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
        if e.kind == _OTHER_FILE:
            return None
        return _refused(gated, e)
    pieces = [it["sentence"] for it in lint.to_dict()["findings"]]
    for found, said in zip(lint.findings, pieces, strict=True):
        # How many cards there are is said by the one that is named.
        if gpu is not None and (found.code, found.key) == ("assumed", "hardware.count"):
            continue
        gated.findings.append(
            Finding(
                _named(found.file, path), found.code,
                _LEVELS.get(found.severity, "note"), sentence(said, file=lambda it: _named(it, path)),
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
    # Of what only writes weights, the machine's memory may decide, which no card tells.
    gated.verdict = told["verdict"] or "not_known"
    gated.summary = told.get("summary") or told.get("reason", "")
    gated.code = max(gated.code, _CODES[gated.verdict])
    if _CODES[gated.verdict]:
        level = "error" if gated.verdict == "does_not_fit" else "warning"
        gated.findings.append(Finding(path, gated.verdict.replace("_", "-"), level, gated.summary))
    return gated


def _named(file: str | None, path: str) -> str:
    """A file by the name that it was given by; one that it names, as seen from here."""
    if not file or os.path.abspath(file) == os.path.abspath(path):
        return path
    return os.path.relpath(file)


def _refused(gated: Gated, error: InputError) -> Gated:
    # Where it is stands beside the message, by the name that the file was given by.
    line, column, message = 1, 1, str(error)
    if error.file and _named(error.file, gated.path) == gated.path:
        line, column = error.line or 1, error.column or 1
        said = error.parts.get("sentence") or ()
        message = sentence(said, file=lambda it: _named(it, gated.path)) or message
    gated.summary = message
    if error.kind == _NO_TRAINING:
        gated.findings.append(
            Finding(gated.path, "trains-nothing", "note", message, line, column)
        )
        return gated
    gated.code = BAD_INPUT
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
                                    "artifactLocation": {"uri": _uri(it.path)},
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


def _uri(path: str) -> str:
    return quote(Path(path).as_posix().encode(errors="surrogateescape"))


def summary(all_gated: list[Gated]) -> str:
    """A table in Markdown."""
    lines = ["| file | verdict | to change | answer |", "|---|---|--:|---|"]
    for it in all_gated:
        change = sum(one.level != "note" for one in it.findings)
        cells = (it.path, it.verdict.replace("_", " ") or "–", str(change), it.summary or "–")
        lines.append("| " + " | ".join(_MARKDOWN.sub(r"\\\g<0>", visible(it)) for it in cells) + " |")
    return "\n".join(lines) + "\n"


def annotation(it: Finding) -> str:
    """A finding as a command of GitHub's workflows."""

    def escaped(text: str, more: str = "") -> str:
        for character in "%\r\n" + more:
            text = text.replace(character, f"%{ord(character):02X}")
        return visible(text)

    level = "notice" if it.level == "note" else it.level
    place = f"file={escaped(it.path, ':,')},line={it.line},col={it.column}"
    return f"::{level} {place},title=vramcast {it.rule}::{escaped(it.message)}"


def _parser() -> Parser:
    parser = Parser(
        "gate",
        description="Lints training files, and holds them against a card.",
        epilog="Exit codes: 0 nothing to change, 1 warnings or tight, 2 not readable, 3 does not"
        " fit. Files of no framework are passed over. A file that begins with - stands behind --.",
    )
    parser.add_argument("files", nargs="*", metavar="FILE")
    parser.add_argument("--gpu", help="a card, with a count as in H100:8")
    parser.add_argument("--sarif", type=Path, metavar="FILE", help="write the findings as SARIF")
    parser.add_argument("--summary", type=Path, metavar="FILE", help="add a table in Markdown")
    parser.add_argument(
        "--annotations", action="store_true", help="print the commands of GitHub's workflows"
    )
    return parser


def main(arguments: list[str]) -> int:
    try:
        _no_file_is_an_option(arguments)
        given = _parser().parse_args(arguments)
        found = [it for it in (gate(path, given.gpu) for path in given.files) if it is not None]
        _write(found, given)
    except (VramcastError, OSError) as e:
        return failed(e)
    return max((it.code for it in found), default=0)


def _no_file_is_an_option(arguments: list[str]) -> None:
    """Hooks give files behind the options of their user, and a change may name a file as it likes."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    for it in arguments[:end]:
        if it.startswith("-") and os.path.lexists(it):
            raise InputError(
                f"{it} is an option and a file here; a file stands behind --", kind="ambiguous"
            )


def _write(found: list[Gated], given: argparse.Namespace) -> None:
    from importlib.metadata import version

    if not given.files:
        print("no file is given, so nothing is held against anything")
    elif not found:
        print(f"no training file is among {len(given.files)} given, so all are passed over")
    for gated in found:
        for it in gated.findings:
            place = f"{visible(it.path)}:{it.line}:{it.column}"
            said = f"{place}: {it.level}: {visible(it.message)}"
            print(annotation(it) if given.annotations else said)
        if gated.verdict == "fits" and not given.annotations:
            print(f"{visible(gated.path)}: {visible(gated.summary)}")
    if given.sarif:
        text = json.dumps(sarif(found, version("vramcast")), indent=2)
        given.sarif.write_text(text + "\n", encoding="utf-8")
    if given.summary:
        with open(given.summary, "a", encoding="utf-8") as file:
            file.write(summary(found))
    sys.stdout.flush()


__all__ = ["gate", "main", "sarif", "summary"]
