"""The command line: hands over to the program in Java."""

import os
import sys

from vramcast import _java
from vramcast._errors import JavaNotFoundError

_LONG_RUNNING = ("validate", "serve", "mcp")


def command(arguments: "list[str]", columns: str, more: "tuple | list" = ()) -> "list[str]":
    """The call of Java. The first compiler alone and one collecting thread are best for a short
    run, and too slow for a long one; most of what a short run calls does not pay for being
    compiled, but for long loops. The rows of a sweep and the answers of a server die young.
    """
    java = _java.java()
    first = arguments[0] if arguments else ""
    collector = ["-XX:+UseSerialGC"]
    tiers = [
        "-XX:TieredStopAtLevel=1",
        "-XX:CompileThresholdScaling=4",
        "-XX:Tier3BackEdgeThreshold=5000",
    ]
    if first == "plan":
        tiers = ["-XX:TieredStopAtLevel=1"]
    elif first in _LONG_RUNNING:
        tiers = ["-XX:+TieredCompilation"]
        if first == "serve":
            collector += ["-Xms128m", "-Xmn64m", "-XX:MetaspaceSize=48m"]
    elif first == "sweep":
        tiers = ["-XX:+TieredCompilation"]
        collector = ["-XX:+UseParallelGC", "-Xmn256m"]
    start = _java.start_options(java, serves=first == "serve")
    options = [*start, *collector, *tiers, f"-Dvramcast.columns={columns}", *more]
    return [java, *options, "-cp", _java.class_path(), _java.MAIN, *arguments]


def _columns() -> str:
    try:
        return str(os.get_terminal_size(sys.stdout.fileno()).columns)
    except (OSError, ValueError, AttributeError):
        return ""  # Not a terminal.


def main() -> int:
    arguments = sys.argv[1:]
    if arguments[:1] == ["receipt"]:
        from vramcast._receipt import main as receipt

        return receipt(arguments[1:])
    if arguments[:1] == ["gate"]:
        from vramcast._gate import main as gate

        return gate(arguments[1:])
    try:
        call = command(arguments, _columns())
    except JavaNotFoundError as e:
        print(f"vramcast: {e}", file=sys.stderr)
        return 2
    sys.stdout.flush()
    if os.name == "nt":
        import subprocess

        return subprocess.call(call)
    os.execv(call[0], call)


if __name__ == "__main__":
    sys.exit(main())
