"""measure [--rounds N] | write [--check]: figures of a new run, or the page from those kept."""

from __future__ import annotations

import argparse
import json
import sys

from pathlib import Path

from peers.paths import REPOSITORY
from speed import figures, ours, page

_PAGE = REPOSITORY / "docs/performance.md"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="measure", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("all", "write"), default="all")
    parser.add_argument("--rounds", type=int, default=5, help="starts of each; 5 if left out")
    parser.add_argument("--check", action="store_true", help="of write: only compare")
    asked = parser.parse_args()
    if asked.rounds < 1:
        parser.error("--rounds is 1 or more")
    if asked.what == "all" and not Path("/proc/self/stat").is_file():
        parser.error("measures on Linux alone: it reads processor time from /proc")
    java = ours.newer_java()
    if java and not Path(java).is_file():
        parser.error(f"JAVA_25 names no Java home: there is no {java}")
    if not ours.SECONDS.isdigit() or int(ours.SECONDS) < 1:
        parser.error("SECONDS_EACH is a whole number from 1 on")
    return asked


def main() -> None:
    """Runs; ends with 1 where the page is not up to date."""
    asked = _arguments()
    if asked.what == "all":
        measured = figures.measure(asked.rounds)
        figures.KEPT.write_text(json.dumps(measured, indent=1) + "\n")
    text = page.text(json.loads(figures.KEPT.read_text()))
    if not asked.check:
        _PAGE.write_text(text)
    elif text != _PAGE.read_text():
        print(f"{_PAGE} is not what bench/page/measure write makes", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
