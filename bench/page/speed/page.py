"""docs/performance.md, from kept figures alone."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

from peers import registry
from peers.markdown import table

_COMMAND = "bench/page/measure"
_JOBS = {
    "QLORA_CHECKPOINTED": "70B, QLoRA, checkpointing",
    "LORA": "70B, LoRA",
    "FULL_AUTOCAST": "70B, full, autocast",
    "MIXTURE_QLORA": "235B of 128 experts, QLoRA, checkpointing",
}


@dataclass(frozen=True)
class Goal:
    """A figure with its goal; `least` where more is better."""

    what: str
    reached: float
    goal: float
    unit: str = ""
    least: bool = False

    @property
    def missed_by(self) -> float:
        """How many times off; 1 or less where it is reached."""
        return self.goal / self.reached if self.least else self.reached / self.goal

    @property
    def row(self) -> tuple[str, ...]:
        """Its line of a table."""
        sign = "≥" if self.least else "≤"
        return (
            self.what,
            number(self.reached) + self.unit,
            f"{sign} {number(self.goal)}{self.unit}",
            number(self.missed_by),
        )


def number(value: float) -> str:
    """Three digits that count."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def goals(figures: dict[str, Any]) -> list[Goal]:
    """What was set as a goal, in the order of what is done."""
    jobs = figures["functions"]["jobs"].values()
    layers = figures["growth"]["layers"]
    processes, services = figures["processes"], figures["services"]
    peer, cores = processes["canifinetune"]["cpu"], figures["machine"]["cpus"]
    flat = [layers[str(count)]["needed"] for count in (8, 80, 800)]
    found = [
        Goal(
            "least memory ÷ trace, the worst of four deep jobs",
            max(job["needed"] / job["estimate"] for job in jobs),
            25,
        ),
        Goal("least memory of 800 layers ÷ of 8", flat[2] / flat[0], 1.2),
        Goal(
            "`vramcast estimate` ÷ `canifinetune estimate`, processes, Java 17",
            processes["estimate"]["cpu"] / peer,
            1.5,
        ),
        Goal(
            "`vramcast estimate` ÷ accelerate's estimate, processes",
            processes["estimate"]["cpu"] / processes["accelerate"]["cpu"],
            0.08,
        ),
        Goal(
            f"distinct estimates a second of the API on {cores} free cores",
            1e3 * cores / services["load"]["ours"]["cpu ms"],
            2000,
            least=True,
        ),
        Goal(
            "estimate of the API by the clock, 99 of 100",
            services["load"]["ours"]["p99 ms"],
            10,
            " ms",
        ),
        Goal("answer with its timeline on a warm server", services["drawn"]["p50 ms"], 50, " ms"),
        Goal(
            f"distinct estimates a second of a sweep on {cores} free cores",
            cores * figures["map"]["distinct"] / figures["map"]["cpu"],
            2000,
            least=True,
        ),
        Goal("`vramcast plan` of a 70B over the market", processes["plan"]["wall"], 1, " s"),
    ]
    newer = processes.get("estimate, newer")
    if newer:
        java = figures["machine"]["newer java"]
        found.insert(
            3,
            Goal(
                f"`vramcast estimate` ÷ `canifinetune estimate`, processes, Java {java}",
                newer["cpu"] / peer,
                0.7,
            ),
        )
    return found


def text(figures: dict[str, Any]) -> str:
    """The whole page."""
    all_goals = goals(figures)
    missed = sorted((it for it in all_goals if it.missed_by > 1), key=lambda it: -it.missed_by)
    met = [it for it in all_goals if it.missed_by <= 1]
    header = ("what", "reached", "goal", "times off")
    lines = [
        f"<!-- Written by {_COMMAND} from bench/page/figures.json. Do not edit. -->",
        "",
        "# How fast it answers",
        "",
        "## What misses its goal",
        "",
        *(table(header, [it.row for it in missed]) if missed else ["Nothing.", ""]),
        *_why(figures),
        "## What reaches its goal",
        "",
        *(table(header, [it.row for it in met]) if met else ["Nothing.", ""]),
        *_how(figures),
        *_functions(figures),
        *_processes(figures),
        *_services(figures),
        *_growth(figures),
        *_compared(figures["compared"]),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _paragraph(text: str) -> list[str]:
    return [*textwrap.wrap(text, 99, break_long_words=False, break_on_hyphens=False), ""]


def _why(figures: dict[str, Any]) -> list[str]:
    rows = []
    processes = figures["processes"]
    start = processes["version"]["cpu"] / processes["estimate"]["cpu"]
    answers = figures["functions"]["answers"]
    names = sorted(
        {part for each in answers.values() for part in each["parts"]},
        # Equal shares by name: a set has another order in every process.
        key=lambda part: (-answers["estimate"]["parts"].get(part, 0), part),
    )
    for part in names:
        shares = (answers[name]["parts"].get(part, 0) for name in answers)
        rows.append((part, *(f"{100 * share:.0f} %" for share in shares)))
    return [
        "Where the time of a new job's answer goes, by samples of a warm process:",
        "",
        *table(("part", *(f"`{name}`" for name in answers)), rows),
        *_paragraph(
            "Nearly all that misses is one thing: PyTorch's allocator is replayed over every layer,"
            " as what a card has to have depends on the order of sizes. The trace of a step does"
            " not grow with layers; replays do."
            " [ADR 3](adr/0003-reserved-bytes-are-replayed.md) has what was tried to skip equal"
            " layers, and why none of it gives the same bytes."
        ),
        *_paragraph(
            f"Of a process that estimates once, {100 * start:.0f} % are Java's own start and the"
            " command line's (`--version`); the rest is code that runs for the first time, mostly"
            " interpreted: tables are read, ranges made, and the allocator replayed."
        ),
    ]


def _how(figures: dict[str, Any]) -> list[str]:
    machine = figures["machine"]
    newer = f" and {machine['newer java']}" if machine["newer java"] else ""
    return [
        "## How it was measured",
        "",
        *_paragraph(
            f"On {figures['date']}, with the sources of {figures['sources']}, all in one run by"
            f" `{_COMMAND} --rounds {figures['rounds']}`: {machine['cpus']} cores of"
            f" {machine['name']}, load {machine['load']} in the quarter of an hour before, Java"
            f" {machine['java']}{newer}, Python {machine['python']}."
        ),
        "* Times are of the processor, user and system, in all threads, unless it says clock:",
        "  other work on the machine hardly changes them. Rates on free cores follow from them.",
        "* Those who are compared take turns; a figure is the median of the rounds, that of a",
        "  function the least of many calls.",
        f"* The peers are canifinetune {_version('canifinetune')} (offline, a model that it brings"
        " along) and accelerate",
        f"  {_version('accelerate')} (the functions of `accelerate estimate-memory` on a model made"
        " from its config,",
        "  as the command itself asks the Hub). What they answer is less: a formula's bytes,",
        "  without reserved memory, hours, dollars or ranges.",
        "* `bench/compare/compare.sh BASE` compares two commits in one run, and fails where a",
        "  function is over 15 % slower. Calls wait for Java's compilers (`-Xbatch`): on a busy",
        "  machine these have no turn before the seconds are over, and what runs then is code that",
        "  is half compiled, the more of it the slower.",
        "",
    ]


def _version(peer: str) -> str:
    return registry.tools()[peer].version


def _functions(figures: dict[str, Any]) -> list[str]:
    functions = figures["functions"]
    rows = [
        (
            _JOBS[name],
            number(each["estimate"]),
            *(
                f"{number(each[method] / 1e3)} ({number(each[method] / each['estimate'])})"
                for method in ("needed", "verdict_of_padded", "answer_of_padded")
            ),
        )
        for name, each in functions["jobs"].items()
    ]
    peer = functions["canifinetune"]
    answers = [
        (
            f"`{name}` of a new job, from fields to JSON",
            *(number(each[key] / 1e3) for key in ("mean", "p50", "p99")),
            number(each["mean"] / peer),
        )
        for name, each in functions["answers"].items()
    ]
    return [
        "## In a process that is warm",
        "",
        "Behind milliseconds, in brackets, how many times the trace's.",
        "",
        *table(
            (
                "job",
                "trace, µs",
                "least memory, ms",
                "verdict of a padded job, ms",
                "all figures of a padded job, ms",
            ),
            rows,
        ),
        f"canifinetune's formula takes {number(peer / 1e3)} ms.",
        "",
        *table(("answer", "mean, ms", "median", "p99", "÷ canifinetune's formula"), answers),
    ]


def _processes(figures: dict[str, Any]) -> list[str]:
    processes = figures["processes"]
    java = figures["machine"]["newer java"]
    names = {
        "estimate": "`vramcast estimate`",
        "estimate, newer": f"the same on Java {java}, with a cache of compiled classes",
        "version": "`vramcast --version`",
        "canifinetune": "`canifinetune estimate`",
        "accelerate": "accelerate's estimate",
        "plan": "`vramcast plan` of a 70B over the market",
        "canifinetune recommend": "`canifinetune recommend`, one card and no prices",
    }
    peer = processes["canifinetune"]
    rows = [
        (
            said,
            number(processes[name]["cpu"]),
            number(processes[name]["cpu"] / peer["cpu"]),
            number(processes[name]["wall"]),
            number(processes[name]["mib"]),
        )
        for name, said in names.items()
        if name in processes
    ]
    header = ("process", "processor, s", "÷ canifinetune", "clock, s", "resident, MiB")
    return [
        "## As a process",
        "",
        "QLoRA of Llama 3.1 8B on one card; accelerate, which has no adapters, full fine-tuning.",
        "",
        *table(header, rows),
    ]


def _services(figures: dict[str, Any]) -> list[str]:
    services = figures["services"]
    names = {"ours": "`vramcast serve`", "canifinetune": "`canifinetune demo`"}
    first = [
        (said, *(number(services["first"][name][key]) for key in keys))
        for name, said in names.items()
        for keys in [("page_cpu", "answer_cpu", "page", "answer")]
    ]
    loads = [
        (said, *(number(found[key]) for key in ("cpu ms", "a second", "p50 ms", "p99 ms", "bytes")))
        for said, found in (
            *((names[name], services["load"][name]) for name in names),
            ("`vramcast serve`, with the timeline, one at a time", services["drawn"]),
        )
    ]
    return [
        "## Page and API",
        "",
        "From the start of the server:",
        "",
        *table(
            (
                "server",
                "first page, s",
                "first answer, s",
                "page by the clock",
                "answer by the clock",
            ),
            first,
        ),
        "Then, after 300 answers, new jobs one after the other on two connections, from the same",
        "machine; HTTP, compilers and the collector of both are counted:",
        "",
        *table(
            (
                "server",
                "processor an answer, ms",
                "answers a second",
                "median by the clock, ms",
                "p99, ms",
                "bytes an answer",
            ),
            loads,
        ),
    ]


def _growth(figures: dict[str, Any]) -> list[str]:
    growth = figures["growth"]
    layers = [
        (count, number(each["estimate"]), number(each["needed"] / 1e3))
        for count, each in growth["layers"].items()
    ]
    gpus = [(f"{int(count):,}", number(found)) for count, found in growth["gpus"].items()]
    rows = [
        (
            f"{each['rows']:,}",
            f"{each['distinct']:,}",
            number(each["cpu"]),
            f"{each['rows'] / each['cpu']:,.0f}",
            number(each["distinct"] / each["cpu"]),
            number(each["mib"]),
        )
        for each in (*growth["rows"], figures["map"])
    ]
    header = ("rows", "distinct estimates", "processor, s", "rows a second", "distinct a second")
    return [
        "## How it grows",
        "",
        "With layers (QLoRA of a 70B's layers, checkpointing):",
        "",
        *table(("layers", "trace, µs", "least memory, ms"), layers),
        "With GPUs (full fine-tuning of a 70B under FSDP2):",
        "",
        *table(("GPUs", "trace of every kind of rank, µs"), gpus),
        "With rows of `vramcast sweep`, as a process and of one processor's second; the last is a",
        "map of six models on every card by three methods, in which little is shared:",
        "",
        *table((*header, "resident, MiB"), rows),
    ]


def _compared(compared: dict[str, Any]) -> list[str]:
    rows = [
        (
            _JOBS[job],
            f"`{method}`",
            *(number(each) for each in times),
            number(times[-1] / times[0]),
        )
        for method, jobs in compared["methods"].items()
        for job, times in jobs.items()
    ]
    return [
        "## Against an earlier commit",
        "",
        *_paragraph(
            f"Measured apart, on {compared['date']} at a load of {compared['load']}: methods of"
            f" `EstimateBenchmark` by `bench/compare/LeastTime.java` with `-Xbatch`, the least of"
            f" {compared['seconds']} s of calls, one commit after the other. `{compared['base']}`"
            " gave the program its name, and describes fewer jobs in less detail. Between the"
            " second column and the third, defaults of keys and versions are read without patterns"
            " and once, and rules, encoders and saved modules are looked for without streams."
        ),
        *table(
            ("job", "method", f"{compared['base']}, µs", "before, µs", "now, µs", "now ÷ first"),
            rows,
        ),
        *_paragraph(
            "What is left of `write` and `estimate` is spread over all of a step: no method has"
            " more than a tenth of it."
        ),
    ]
