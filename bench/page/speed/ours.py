"""Commands of Vramcast: its launcher, its jar on a newer Java, and its benchmarks."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from peers.paths import REPOSITORY, VRAMCAST
from speed import process

JAR = REPOSITORY / "target/launcher/vramcast.jar"
BENCHMARKS = REPOSITORY / "bench/target/benchmarks.jar"
LEAST = REPOSITORY / "bench/compare/LeastTime.java"
_HEAP = ("-XX:+UseSerialGC", "-Xmx1g")
SECONDS = os.environ.get("SECONDS_EACH", "2")


def build() -> None:
    """Builds program, server and benchmarks from the sources as they are."""
    maven = ["mvn", "-q", "-B", "-DskipTests", "-Derrorprone.skip", "-pl", "bench", "-am"]
    subprocess.run([*maven, "package"], check=True, cwd=REPOSITORY)
    for words in (["--version"], ["serve", "--help"]):
        subprocess.run([VRAMCAST, *words], check=True, stdout=subprocess.DEVNULL)


def java_version(java: str) -> str:
    """What `java -version` says first."""
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=True).stderr
    return said.splitlines()[0].split('"')[1]


def newer_java() -> str | None:
    """The JDK of 25 or later that JAVA_25 names."""
    home = os.environ.get("JAVA_25")
    return str(Path(home) / "bin" / "java") if home else None


def on_newer_java(java: str, folder: Path) -> list[str]:
    """The program on a Java that keeps compiled classes, which one run before fills."""
    cache = folder / "vramcast.aot"
    made = [java, f"-XX:AOTCacheOutput={cache}", "-XX:+UseSerialGC", "-cp", str(JAR)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([*made, "dev.vramcast.cli.WarmUp"], check=True, **quiet)
    short = ("-XX:CompileThresholdScaling=4", "-XX:Tier3BackEdgeThreshold=5000")
    tiers = ("-XX:TieredStopAtLevel=1", *short)
    place = ("-XX:+UnlockDiagnosticVMOptions", "-XX:ArchiveRelocationMode=0")
    options = (*place, "-Xlog:disable", "-XX:-UsePerfData", "-XX:+UseSerialGC", *tiers)
    return [java, f"-XX:AOTCache={cache}", *options, "-jar", str(JAR)]


def least(benchmark: str, method: str, **settings: str) -> float:
    """The least microseconds of processor time of a benchmark's method."""
    fields = [f"{name}={value}" for name, value in settings.items()]
    words = [str(LEAST), benchmark, method, SECONDS, *fields]
    # Calls wait for the compilers, which have no turn before the end on a busy machine.
    return float(process.run(["java", "-Xbatch", *_HEAP, "-cp", str(BENCHMARKS), *words])[1])


def answers(operation: str, count: int, *fields: str) -> dict[str, Any]:
    """Microseconds of answers to new jobs, and the shares of the program's parts in them."""
    words = ["dev.vramcast.bench.Answers", operation, str(count), *fields]
    said = process.run(["java", *_HEAP, "-cp", str(BENCHMARKS), *words])[1]
    return dict(json.loads(said.splitlines()[-1]))


def sweep(spec: str) -> tuple[process.Taken, int, int]:
    """What a sweep took, and its rows and distinct estimates."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "sweep.yaml"
        path.write_text(spec)
        out = Path(directory) / "table.csv"
        words = [str(VRAMCAST), "sweep", str(path), "--offline", "--out", str(out)]
        taken, said = process.run(words)
        return taken, _number(said, " rows out"), _number(said, " distinct estimates")


def _number(text: str, behind: str) -> int:
    return int(text.partition(behind)[0].split()[-1].replace(",", ""))
