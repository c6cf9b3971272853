"""Errors and verdicts of a tool's replies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from peers.answer import TOTAL
from peers.cases import Case

UNDERESTIMATE = -0.10


@dataclass(frozen=True)
class Scored:
    """One answered case of a run that did not end out of memory.

    `difference` is estimate / measured - 1. `error` is its amount, except where the length is a
    cap that the run may not have reached: there only an estimate below is wrong.
    """

    case: Case
    difference: float

    @property
    def error(self) -> float:
        """The amount by which the estimate is known to be wrong, as a share of the measurement."""
        return abs(min(0.0, self.difference) if self.case.capped else self.difference)


@dataclass(frozen=True)
class Statistics:
    """Of some answered cases. Shares, not per cent; percentiles with linear interpolation."""

    count: int
    median: float
    p90: float
    signed_median: float
    under: float


@dataclass(frozen=True)
class Verdicts:
    """How often a tool that knew the card said what did not happen."""

    out_of_memory: int
    said_to_fit: int
    ran: int
    said_not_to_fit: int


def percentile(values: Iterable[float], share: float) -> float:
    """Linear interpolation between the two nearest ranks."""
    ordered = sorted(values)
    position = share * (len(ordered) - 1)
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def statistics(scored: list[Scored]) -> Statistics | None:
    """None where nothing was answered."""
    if not scored:
        return None
    errors = [item.error for item in scored]
    differences = [item.difference for item in scored]
    return Statistics(
        count=len(scored),
        median=percentile(errors, 0.5),
        p90=percentile(errors, 0.9),
        signed_median=percentile(differences, 0.5),
        under=sum(value < UNDERESTIMATE for value in differences) / len(scored),
    )


def score(
    cases: list[Case], replies: Mapping[str, Mapping[str, Any]], readings: Mapping[str, str]
) -> list[Scored]:
    """Answered cases that ran, by the reading of each family of figures."""
    return [
        Scored(case, replies[case.id]["bytes"][readings[case.family]] / case.bytes - 1)
        for case in cases
        if case.ran and "bytes" in replies[case.id]
    ]


def favourable(cases: list[Case], replies: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """For each family of figures, the reading of the tool with the lowest median error.

    Cases whose length is a cap are left out: on them the largest reading wins always.
    """
    chosen = {}
    for family in sorted({case.family for case in cases}):
        of_family = [case for case in cases if case.family == family and not case.capped]
        chosen[family] = _best_reading(of_family, replies)
    return chosen


def _best_reading(cases: list[Case], replies: Mapping[str, Mapping[str, Any]]) -> str:
    names = {name for reply in replies.values() for name in reply.get("bytes", ())}

    def median(name: str) -> float:
        found = statistics(score(cases, replies, {case.family: name for case in cases}))
        return found.median if found else float("inf")

    return min(sorted(names), key=median, default=TOTAL)


def _fits(case: Case, reply: Mapping[str, Any], capacity: int) -> bool:
    if "fits" in reply:
        return bool(reply["fits"])
    return bool(max(reply["bytes"].values()) <= capacity)


def verdicts(
    cases: list[Case], replies: Mapping[str, Mapping[str, Any]], capacities: Mapping[str, int]
) -> Verdicts:
    """Of answered cases with a known card; a length that is a cap proves no run wrong."""
    known = [
        (case, _fits(case, replies[case.id], capacities[case.gpu]))
        for case in cases
        if case.judges_verdicts and case.gpu in capacities and "bytes" in replies[case.id]
    ]
    ended = [fits for case, fits in known if not case.ran]
    went = [fits for case, fits in known if case.ran]
    return Verdicts(len(ended), sum(ended), len(went), len(went) - sum(went))
