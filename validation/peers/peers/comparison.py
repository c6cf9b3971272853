"""Replies of all tools brought together by class of cases."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from peers import own, registry, results, scoring
from peers.cases import Case
from peers.scoring import Scored, Statistics


@dataclass(frozen=True)
class Compared:
    """One tool's replies, read as favours it most."""

    name: str
    label: str
    replies: Mapping[str, Mapping[str, Any]]
    readings: Mapping[str, str]
    scored: Mapping[str, Scored]

    def of(self, ids: set[str]) -> Statistics | None:
        """Statistics of those of its answered cases."""
        return scoring.statistics([item for key, item in self.scored.items() if key in ids])


@dataclass(frozen=True)
class Better:
    """A class of cases on which a tool's median is below ours, on the cases that it answered."""

    group: str
    capped: bool
    tool: Compared
    theirs: Statistics
    ours_there: Statistics
    ours_all: Statistics


def compared(name: str, label: str, cases: list[Case]) -> Compared:
    """Reads a tool's replies from results/. A case that was added since counts as not answered."""
    kept = results.read_replies(name)
    replies = {case.id: kept.get(case.id, {"cannot": "not asked yet"}) for case in cases}
    readings = scoring.favourable(cases, replies)
    scored = {item.case.id: item for item in scoring.score(cases, replies, readings)}
    return Compared(name, label, replies, readings, scored)


def everybody(cases: list[Case]) -> tuple[Compared, list[Compared]]:
    """Vramcast, and the others in alphabetical order."""
    others = [compared(name, tool.package, cases) for name, tool in registry.tools().items()]
    return compared(own.NAME, "Vramcast", cases), others


def groups(cases: list[Case]) -> dict[str, set[str]]:
    """Ids of the cases that ran, by class in alphabetical order."""
    names = sorted({case.name for case in cases if case.ran})
    return {name: {case.id for case in cases if case.ran and case.name == name} for name in names}


def better(cases: list[Case], ours: Compared, others: list[Compared]) -> list[Better]:
    """Where our median is not the lowest: on the whole class, or on what the tool answered."""
    found = []
    capped = {case.name for case in cases if case.capped}
    for group, ids in groups(cases).items():
        ours_all = ours.of(ids)
        for tool in others:
            theirs = tool.of(ids)
            if theirs is None or ours_all is None:
                continue
            ours_there = ours.of(ids & tool.scored.keys())
            if ours_there and theirs.median < max(ours_all.median, ours_there.median):
                found.append(Better(group, group in capped, tool, theirs, ours_there, ours_all))
    return found


def refusal(reply: Mapping[str, Any]) -> str | None:
    """Why there is no answer, without what differs from model to model; None where there is one."""
    if "cannot" in reply:
        return str(reply["cannot"])
    if "refuses" not in reply:
        return None
    text = re.sub(r"'[^']*'", "…", reply["refuses"])
    text = re.split(r"[;(]| according to| Use a | past ", text)[0]
    return "it says: " + re.sub(r"[\d,]{2,}", "N", text).split(": ", 1)[-1].strip()


def refusals(tool: Compared) -> Counter[str]:
    """Cases without an answer by reason."""
    reasons = (refusal(reply) for reply in tool.replies.values())
    return Counter(reason for reason in reasons if reason)
