"""The command `compare`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from peers import cases, document, own, registry, results, runner, timing
from peers.cases import Case
from peers.job import Job, from_case
from peers.paths import DOCUMENT

_PARAMETERS = "parameters"


def _jobs(read: list[Case], counts: dict[str, int]) -> list[Job]:
    capacities = cases.capacities()
    return [
        from_case(
            case.document,
            counts[own.config_key(case.document["job"]["model"]["config"])],
            capacities.get(case.gpu),
        )
        for case in read
    ]


def _run(names: Sequence[str]) -> None:
    read = cases.read(cases.files())
    configs = [case.document["job"]["model"]["config"] for case in read]
    counts = own.parameters(configs, results.read(_PARAMETERS))
    results.write(_PARAMETERS, counts)
    jobs = _jobs(read, counts)
    for name in names:
        print(f"asking {name}", file=sys.stderr)
        if name == own.NAME:
            runner.run_own(read, cases.capacities())
        else:
            runner.run(name, registry.tool(name), jobs)


def _time() -> None:
    read = cases.read(cases.files())
    jobs = _jobs(read, results.read(_PARAMETERS))
    results.write(timing.NAME, timing.measure(read, jobs))


def _write(check: bool) -> int:
    text = document.text(cases.read(cases.files()))
    if check:
        return 0 if DOCUMENT.is_file() and DOCUMENT.read_text(encoding="utf-8") == text else 1
    DOCUMENT.write_text(text, encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="compare", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    names = [*registry.tools(), own.NAME]
    run = commands.add_parser("run", help="install tools and put all cases to them")
    run.add_argument("tool", nargs="*", choices=[*names, []], help="all without it")
    commands.add_parser("time", help="measure cold starts on this machine")
    write = commands.add_parser("write", help="write docs/comparison.md from results/")
    write.add_argument("--check", action="store_true", help="write nothing; 1 if out of date")
    return parser


def main() -> int:
    """Without a command: run, time and write."""
    arguments = _parser().parse_args()
    if arguments.command == "write":
        return _write(arguments.check)
    if arguments.command in (None, "run"):
        _run(getattr(arguments, "tool", None) or [*registry.tools(), own.NAME])
    if arguments.command in (None, "time"):
        _time()
    return _write(check=False) if arguments.command is None else 0


if __name__ == "__main__":
    sys.exit(main())
