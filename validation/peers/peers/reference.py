"""The parts of docs/comparison.md that say what was done."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap
from typing import Any

from peers import comparison, own, registry
from peers.cases import Case
from peers.comparison import Compared
from peers.markdown import table
from peers.scoring import percentile

_WIDTH = 100
_FAIRNESS = """\
* The job of each case is put to each tool by its own options, as its mapping below says. What
  decides about memory and has no option is not guessed: the case counts as not expressible.
* Every tool gets the exact parameter count where it takes one, and no tool asks the Hub.
* A figure of a tool may be a sum of components, a sum with overheads, or one with a margin.
  Which of them a measurement is compared with is chosen for each tool by what is best for it:
  of its readings the one with the lowest median error where the length is no cap, once for
  figures that PyTorch allocated, once for those reserved, of the device, or not said to be either.
* An error is estimate / measured - 1. Where the stated length is a cap that the run may not have
  reached, only an estimate below the measurement is an error; the signed median shows the rest.
* accelerate and DeepSpeed model the states of a model only and say so; that they are below a
  peak with activations is no fault of theirs.
* Vramcast was written with these cases at hand, the other tools were not. What it does on runs
  from somewhere new is what the ranges in [accuracy.md](accuracy.md) are judged by.
"""

_REPRODUCE = """\
`validation/peers/compare` installs the tools from PyPI, runs them, times them and writes this
page; `compare write` writes it from the kept replies. It needs Python 3.11 and some 7 GB for
PyTorch, which six of the tools share; see
[validation/peers/README.md](../validation/peers/README.md).
"""


def introduction(cases: list[Case], timed: Mapping[str, Any]) -> list[str]:
    """What was compared, when, and by which rules."""
    ended = sum(not case.ran for case in cases)
    versions = ", ".join(f"{tool.package} {tool.version}" for tool in registry.tools().values())
    return [
        "## What is compared",
        "",
        *wrap(
            f"{len(cases)} cases of [cases.md](cases.md), of which {ended} ended out of memory, put"
            f" on {timed['date']} to Vramcast {timed['vramcast']} and to {versions}.",
            _WIDTH,
        ),
        "",
        _FAIRNESS,
        _REPRODUCE,
    ]


def times(ours: Compared, others: list[Compared], timed: Mapping[str, Any]) -> list[str]:
    """Cold starts."""
    rows = []
    for tool in (ours, *others):
        elapsed, spent = zip(*timed["seconds"][tool.name], strict=True)
        numbers = (percentile(elapsed, 0.5), min(elapsed), max(elapsed), percentile(spent, 0.5))
        rows.append((tool.label, *(f"{value:.2f} s" for value in numbers)))
    starts = len(timed["seconds"][own.NAME])
    return [
        "## Time for an answer",
        "",
        f"As a process that is started for one job, {starts} times, on {timed['machine']},",
        f"Python {timed['python']}. Vramcast is timed by its command line; the others by a Python",
        "process that imports the tool and answers, which leaves out what their own command lines",
        "add. The machine had other work, which the seconds of the processor do not count.",
        "",
        *table(("tool", "median", "least", "most", "processor, median"), rows),
    ]


def refusals(others: list[Compared]) -> list[str]:
    """Counts of cases without an answer, by tool and reason."""
    lines = ["## What each cannot express", ""]
    for tool in others:
        found = comparison.refusals(tool).most_common()
        lines += [f"### {tool.label}", ""]
        lines += table(("reason", "cases"), [(reason, str(count)) for reason, count in found])
    return lines


def mappings(others: list[Compared]) -> list[str]:
    """How each job is put to each tool."""
    lines = ["## How jobs are mapped", ""]
    tools = registry.tools()
    for compared in others:
        tool = tools[compared.name]
        read = "; ".join(f"{family}: `{name}`" for family, name in compared.readings.items())
        lines += [f"### {tool.package} {tool.version}", "", f"Models {tool.scope}.", ""]
        lines += [f"* {sentence}" for sentence in tool.mapping]
        lines += [f"* Compared with {read}.", ""]
    lines += ["## Looked at and not compared", ""]
    return lines + [f"* {name}: {why}." for name, why in registry.NOT_COMPARED.items()]
