#!/usr/bin/env python3
"""Runs the readers over training files of other projects and reports what became of each."""

import argparse
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import report
import training_files
import values

HERE = Path(__file__).resolve().parent
HOME = HERE.parent.parent


def packages(path):
    lines = (line.split("#")[0].strip() for line in path.read_text().splitlines())
    return [line for line in lines if line]


def fetch(folder, wanted):
    """Downloads packages without what they need, and unpacks them; those that are there stay."""
    for package in wanted:
        target = folder / package
        if target.is_dir():
            continue
        with tempfile.TemporaryDirectory() as scratch:
            pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", scratch, package]
            if subprocess.run(pip + ["--no-binary", ":all:"], capture_output=True).returncode:
                subprocess.run(pip, check=True)
            archive = next(Path(scratch).iterdir())
            part = target.with_name(target.name + ".part")
            unpack(archive, part)
            part.rename(target)


def unpack(archive, target):
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as content:
            content.extractall(target)
    else:
        with tarfile.open(archive) as content:
            content.extractall(target, filter="data")


def run(found):
    """What `vramcast validate --read-files` says of each file, by its path."""
    with tempfile.TemporaryDirectory() as scratch:
        listed = Path(scratch, "files.txt")
        listed.write_text("".join(f"{file.path}\t{file.folder}\n" for file in found))
        command = [str(HOME / "vramcast"), "validate", "--read-files", str(listed)]
        output = subprocess.run(command, capture_output=True, text=True, check=True, cwd=scratch).stdout
    rows = (json.loads(line) for line in output.splitlines())
    return {row["file"]: row for row in rows}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", type=Path, default=HERE / ".packages", help="where packages are kept")
    parser.add_argument("--folder", type=Path, action="append", default=[],
                        help="look at this folder instead of the packages; may be given again")
    parser.add_argument("--write", type=Path, help="write the page about the packages to this file")
    parser.add_argument("--rows", type=Path, help="write a JSON object for each file to this file")
    parser.add_argument("--framework", action="append", default=[], help="only files of this framework")
    parser.add_argument("--reasons", type=int, default=40, help="how many reasons are printed")
    options = parser.parse_args()
    folders = options.folder
    if not folders:
        wanted = packages(HERE / "packages.txt")
        options.packages.mkdir(parents=True, exist_ok=True)
        fetch(options.packages, wanted)
        folders = [options.packages / package for package in wanted]
    with tempfile.TemporaryDirectory() as cut:
        found, shown = [], {}
        for folder in folders:
            if not folder.is_dir():
                parser.error(f"--folder {folder} is no folder")
            for file in training_files.find(folder.resolve(), Path(cut, folder.name)):
                if not options.framework or file.framework in options.framework:
                    found.append(file)
                    shown[str(file.path)] = f"{folder.name}/{file.source}"
        if not found:
            parser.error("no training file is found in " + ", ".join(map(str, folders)))
        rows = []
        answers = run(found)
        for file in found:
            row = answers[str(file.path)]
            text = file.path.read_text(errors="replace")
            count, disagreements = values.compared(file, text, row)
            row |= {
                "framework": file.framework,
                "kind": file.kind,
                "source": shown[str(file.path)],
                "text": text if file.kind == "command" else "",
                "compared": count,
                "disagreements": disagreements,
            }
            rows.append(row)
    if options.rows:
        options.rows.write_text("".join(json.dumps(row) + "\n" for row in rows))
    if options.write:
        options.write.write_text(report.page(rows, packages(HERE / "packages.txt")))
    print(report.table(rows))
    print(report.reasons(rows, options.reasons))
    bad = [row for row in rows if row["outcome"] == "crashed" or row["disagreements"]]
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
