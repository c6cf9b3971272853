"""Writes the jobs of this folder in every format, has each framework's own parser read the files,
and writes the results as a table.

    python check.py [--venvs DIR] [--only NAME,...]

Needs uv (https://docs.astral.sh/uv) in PATH, and about 15 GB for the environments.
"""

import argparse
import datetime
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PAGE = ROOT / "docs" / "written-files.md"

TRAINING = [
    "axolotl",
    "llama-factory",
    "trl",
    "torchtune",
    "litgpt",
    "ms-swift",
    "unsloth",
    "deepspeed",
    "accelerate",
]
LAUNCHERS = ["torchrun", "skypilot", "dstack", "slurm", "kubernetes", "kubeflow"]

# Environment: the check in parsers.py, and the packages that are installed without what they ask
# for, because their parsers need less than their training.
ENVIRONMENTS = {
    "axolotl": ("axolotl", ["axolotl==0.19.0"]),
    "llama-factory": ("llamafactory", ["llamafactory==0.9.5"]),
    "trl": ("trl", []),
    "torchtune": ("torchtune", ["torchtune==0.6.1"]),
    "litgpt": ("litgpt", ["litgpt==0.5.13"]),
    "ms-swift": ("msswift", ["ms-swift==4.6.0"]),
    "unsloth": ("unsloth", ["unsloth==2026.10.9"]),
    "skypilot": ("skypilot", []),
    "dstack": ("dstack", []),
    "kubernetes": ("kubernetes", []),
}


def run(*words, **options):
    return subprocess.run([str(word) for word in words], check=True, **options)


def environment(venvs, name):
    """The Python of an environment, which is made when it is not there."""
    folder = venvs / name
    python = folder / "bin" / "python"
    if python.exists():
        return python
    run("uv", "venv", "-q", "--python", "3.11", folder)
    install = ["uv", "pip", "install", "-q", "--python", python]
    lines = (HERE / "requirements" / f"{name}.txt").read_text().split()
    plain = [line for line in lines if not line.startswith("deepspeed")]
    if plain:
        run(*install, *plain)
    built = [line for line in lines if line.startswith("deepspeed")]
    if built:
        # Its setup imports torch; its kernels are not needed to read a configuration.
        run(*install, "setuptools", "wheel", "ninja", "py-cpuinfo")
        run(*install, "--no-build-isolation", *built, env={**os.environ, "DS_BUILD_OPS": "0"})
    bare = ENVIRONMENTS[name][1]
    if bare:
        run(*install, "--no-deps", *bare)
    return python


def version(python, name):
    code = (
        "from importlib.metadata import version; import sys; "
        "print(', '.join(f'{p} {version(p)}' for p in sys.argv[1:]))"
    )
    packages = {
        "llama-factory": ["llamafactory"],
        "trl": ["trl", "transformers", "accelerate", "deepspeed"],
        "kubernetes": ["kubernetes-validate", "kubeflow-trainer-api"],
    }.get(name, [name])
    return run(python, "-c", code, *packages, capture_output=True, text=True).stdout.strip()


def write(folder):
    """Writes every job in every format that takes it; returns what was refused."""
    refused = []
    for job in sorted((HERE / "jobs").glob("*.yaml")):
        out = folder / job.stem
        for name in TRAINING:
            formats = ",".join([name, *LAUNCHERS]) if name == "axolotl" else name
            done = subprocess.run(
                [ROOT / "vramcast", "write", "--offline", job, "--to", formats, "--out", out],
                capture_output=True,
                text=True,
            )
            if done.returncode == 2:
                refused.append((job.stem, name, done.stderr.strip().splitlines()[-1]))
            elif done.returncode != 0:
                sys.exit(done.stderr)
    return refused


def parse(venvs, names, folder):
    rows = []
    for name in names:
        python = environment(venvs, name)
        done = subprocess.run(
            [python, HERE / "parsers.py", ENVIRONMENTS[name][0], folder],
            capture_output=True,
            text=True,
            cwd=HERE,
            env={**os.environ, "DISABLE_VERSION_CHECK": "1", "HF_HUB_OFFLINE": "1"},
        )
        lines = [line for line in done.stdout.splitlines() if line.startswith('{"job"')]
        if done.returncode != 0:
            sys.exit(done.stderr)
        results = [json.loads(line) for line in lines]
        rows.append((name, version(python, name), results))
    return rows


def page(rows, refused):
    text = [
        "# Written files, read by the frameworks themselves",
        "",
        "Each job in `validation/writers/jobs` was written in every format, and each file was given to",
        "the parser that the framework itself reads it with. Nothing was trained. This page is written",
        f"by `validation/writers/check.py`; it is of {datetime.date.today()}.",
        "",
        "| file | parser | versions | accepted |",
        "|---|---|---|--:|",
    ]
    failures = []
    for _, versions, results in rows:
        kinds = sorted({(r["file"], r["parser"]) for r in results})
        for file, parser in kinds:
            same = [r for r in results if r["file"] == file and r["parser"] == parser]
            accepted = sum(r["error"] is None for r in same)
            text.append(f"| `{file}` | {parser} | {versions} | {accepted} of {len(same)} |")
            failures += [r for r in same if r["error"]]
    if failures:
        text += ["", "Not accepted:", ""]
        for r in failures:
            error = " ".join(r["error"].split())[:300].replace("|", "\\|")
            text.append(f"* `{r['job']}/{r['file']}`: {error}")
    text += ["", "Refused by the writer, since the framework cannot do it:", ""]
    text += ["| job | format | reason |", "|---|---|---|"]
    for job, name, reason in refused:
        text.append(f"| {job} | {name} | {reason.replace('|', chr(92) + '|')[:300]} |")
    return "\n".join(text) + "\n", failures


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--venvs", type=Path, default=HERE / ".venvs")
    options.add_argument("--only", default=",".join(ENVIRONMENTS))
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        refused = write(Path(folder))
        rows = parse(given.venvs, given.only.split(","), Path(folder))
    text, failures = page(rows, refused)
    if given.only == ",".join(ENVIRONMENTS):
        PAGE.write_text(text, encoding="utf-8")
    print(text)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
