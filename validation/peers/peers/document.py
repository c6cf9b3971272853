"""docs/comparison.md, from the cases and the kept replies alone."""

from __future__ import annotations

from peers import cases as case_files
from peers import comparison, reference, results, scoring, timing
from peers.cases import Case
from peers.comparison import Better, Compared
from peers.markdown import percent, signed, table

_COMMAND = "validation/peers/compare"
_COLUMNS = (
    "tool",
    "answered",
    "median",
    "p90",
    "signed median",
    "under by > 10 %",
    "ours there: median",
    "p90",
    "under by > 10 %",
)


def text(cases: list[Case]) -> str:
    """The whole page."""
    ours, others = comparison.everybody(cases)
    capacities = case_files.capacities()
    lines = [
        f"<!-- Written by {_COMMAND} write from validation/peers/results. Do not edit. -->",
        "",
        "# Comparison",
        "",
        *_first(comparison.better(cases, ours, others), len(comparison.groups(cases))),
        *reference.introduction(cases, results.read(timing.NAME)),
        *_overall(cases, ours, others),
        *_verdicts(cases, capacities, ours, others),
        *reference.times(ours, others, results.read(timing.NAME)),
        *_classes(cases, ours, others),
        *reference.refusals(others),
        *reference.mappings(others),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _first(better: list[Better], classes: int) -> list[str]:
    proven = [item for item in better if not item.capped]
    capped = [item for item in better if item.capped]
    lost = len({item.group for item in better})
    return [
        "## Where Vramcast's median is not the lowest",
        "",
        f"On {lost} of {classes} classes of cases a tool has a lower median error on what it",
        "answered than Vramcast has there or on the whole class.",
        "",
        *(_better(proven) if proven else ["None of those where an error counts both ways.", ""]),
        *_capped(capped),
    ]


def _capped(better: list[Better]) -> list[str]:
    if not better:
        return []
    return [
        "Where the length is a cap that the run may not have reached, only an estimate below the",
        "measurement is wrong. A tool whose estimates are too high has no error on these; the",
        "signed medians show by how much they are above.",
        "",
        *_better(better),
    ]


def _better(better: list[Better]) -> list[str]:
    rows = [
        (
            f"{item.group}: {item.tool.label}",
            f"{item.theirs.count} of {item.ours_all.count}",
            percent(item.theirs.median),
            signed(item.theirs.signed_median),
            percent(item.ours_there.median),
            signed(item.ours_there.signed_median),
            percent(item.ours_all.median),
        )
        for item in better
    ]
    header = ("class: tool", "answered", "its median", "signed", "ours there", "signed", "ours")
    return table(header, rows)


def _row(tool: Compared, ids: set[str], ours: Compared) -> tuple[str, ...] | None:
    found = tool.of(ids)
    there = ours.of(ids & tool.scored.keys())
    if found is None or there is None:
        return None
    paired = (percent(there.median), percent(there.p90), percent(there.under))
    return (
        tool.label,
        str(found.count),
        percent(found.median),
        percent(found.p90),
        signed(found.signed_median),
        percent(found.under),
        *(("", "", "") if tool is ours else paired),
    )


def _rows(tools: list[Compared], ids: set[str], ours: Compared) -> list[tuple[str, ...]]:
    rows = (_row(tool, ids, ours) for tool in tools)
    return [row for row in rows if row is not None]


def _overall(cases: list[Case], ours: Compared, others: list[Compared]) -> list[str]:
    ids = set(ours.scored)
    published = {case.id for case in cases if case.quality == "complete"} & ids
    return [
        "## All cases",
        "",
        f"Of {len(ids)} cases that ran. `ours there` is Vramcast on exactly the cases that the tool",
        "answered.",
        "",
        *table(_COLUMNS, _rows([ours, *others], ids, ours)),
        f"Of these, the {len(published)} published runs that state every setting that matters:",
        "",
        *table(_COLUMNS, _rows([ours, *others], published, ours)),
    ]


def _verdicts(
    cases: list[Case], capacities: dict[str, int], ours: Compared, others: list[Compared]
) -> list[str]:
    rows = []
    for tool in (ours, *others):
        found = scoring.verdicts(cases, tool.replies, capacities)
        if found.out_of_memory + found.ran:
            numbers = (found.out_of_memory, found.said_to_fit, found.ran, found.said_not_to_fit)
            rows.append((tool.label, *map(str, numbers)))
    header = ("tool", "out of memory, answered", "said to fit", "ran, answered", "said not to fit")
    return [
        "## Does it fit?",
        "",
        "On jobs with a known card. A tool with a rule of its own is judged by that, the others by",
        "whether their largest figure is within the card's memory. Runs whose length is a cap are",
        "left out of those that ran. Vramcast's ranges, by which it says `tight`, play no part.",
        "",
        *table(header, rows),
    ]


def _classes(cases: list[Case], ours: Compared, others: list[Compared]) -> list[str]:
    lines = ["## By class of cases", ""]
    for group, ids in comparison.groups(cases).items():
        cases_in_words = "1 case" if len(ids) == 1 else f"{len(ids)} cases"
        lines += [f"### {group}", "", f"{cases_in_words}.", ""]
        lines += table(_COLUMNS, _rows([ours, *others], ids, ours))
    return lines
