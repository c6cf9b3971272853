#!/usr/bin/env python3
"""Writes which keys each release of a framework's own configuration classes has, and what they may be."""

import argparse
import ast
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
TABLES = HERE.parent.parent / "formats/src/main/resources/dev/vramcast/formats/training"

# Files whose classes hold the keys, below a package's root.
FILES = {
    "axolotl": r"axolotl/utils/(schemas/\w+|config/models/input/v0_4_1/__init__)\.py|axolotl/integrations/\w+/args\.py",
    "llama-factory": r"llamafactory/hparams/\w+\.py",
    "trl": r"trl/(trainer|experimental)/(\w+/)?\w*config\.py|trl/scripts/utils\.py|trl/commands/cli_utils\.py",
    "ms-swift": r"swift/(llm/argument|arguments|megatron/arguments?|trainers|rlhf_trainers)/(\w+/)*\w*(args|arguments|argument|mixin|config)\w*\.py",
}
PACKAGES = {"llama-factory": "llamafactory"}


def fetch(folder, package):
    target = folder / package
    if not target.is_dir():
        with tempfile.TemporaryDirectory() as scratch:
            pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", scratch, package]
            if subprocess.run(pip, capture_output=True).returncode:
                subprocess.run(pip + ["--no-binary", ":all:"], check=True)
            archive = next(Path(scratch).iterdir())
            opened = zipfile.ZipFile(archive) if archive.suffix == ".whl" else tarfile.open(archive)
            with opened as content:
                content.extractall(target)
    return target


def literals(node, enums):
    """The texts that an annotation allows beside nothing; None where it allows others."""
    if isinstance(node, ast.Constant) and node.value is None:
        return set()
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            return literals(ast.parse(node.value, mode="eval").body, enums)
        except SyntaxError:
            return None
    if isinstance(node, ast.Name):
        return enums.get(node.id)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return joined([literals(node.left, enums), literals(node.right, enums)])
    if isinstance(node, ast.Subscript):
        name = getattr(node.value, "id", getattr(node.value, "attr", ""))
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if name == "Literal":
            values = [part.value for part in parts if isinstance(part, ast.Constant)]
            return set(values) if len(values) == len(parts) and all(isinstance(v, str) for v in values) else None
        if name in ("Optional", "Union"):
            return joined([literals(part, enums) for part in parts])
        if name == "Annotated":
            return literals(parts[0], enums)
    return None


def joined(sets):
    return None if any(part is None for part in sets) else set().union(*sets)


def enumerations(trees):
    """Classes of texts, by their names."""
    result = {}
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and any("Enum" in ast.unparse(base) for base in node.bases):
                values = [item.value.value for item in node.body
                          if isinstance(item, ast.Assign) and isinstance(item.value, ast.Constant)]
                if values and all(isinstance(value, str) for value in values):
                    result[node.name] = set(values)
    return result


def keys(root, pattern):
    """Each key with what it may be; None for anything."""
    trees = []
    for path in sorted(root.rglob("*.py")):
        if re.search(r"(^|/)(" + pattern + r")$", path.relative_to(root).as_posix()):
            try:
                trees.append(ast.parse(path.read_text()))
            except SyntaxError:
                continue
    enums = enumerations(trees)
    result = {}
    for tree in trees:
        for node in ast.walk(tree):
            if not isinstance(node, ast.ClassDef):
                continue
            for item in node.body:
                if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
                    name = item.target.id
                    if name.startswith("_") or name == "model_config" or "ClassVar" in ast.unparse(item.annotation):
                        continue
                    allowed = literals(item.annotation, enums)
                    result[name] = joined([result[name], allowed]) if name in result else allowed
    return result


def known_to_trainer():
    lines = (TABLES / "trainer/keys.tsv").read_text().splitlines()
    return {line.split("\t")[0] for line in lines if not line.startswith("#")}


def rows(releases):
    """A line for each key: last release before it that lacks it, first after it that does, values."""
    versions = [version for version, _ in releases]
    for name in sorted(set().union(*(found for _, found in releases))):
        there = [name in found for _, found in releases]
        first, last = there.index(True), len(there) - 1 - there[::-1].index(True)
        before = versions[first - 1] if first else ""
        after = versions[last + 1] if last + 1 < len(versions) else ""
        allowed = releases[-1][1].get(name)
        yield "\t".join([name, before, after, "|".join(sorted(allowed)) if allowed else ""])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", type=Path, default=HERE / ".packages", help="where packages are kept")
    options = parser.parse_args()
    options.packages.mkdir(parents=True, exist_ok=True)
    listed = [line.split() for line in (HERE / "releases.txt").read_text().splitlines() if not line.startswith("#")]
    trainer = known_to_trainer()
    for framework, *versions in listed:
        releases = []
        for version in versions:
            root = fetch(options.packages, f"{PACKAGES.get(framework, framework)}=={version}")
            found = {key: allowed for key, allowed in keys(root, FILES[framework]).items()
                     if framework == "axolotl" or key not in trainer}
            releases.append((version, found))
            print(framework, version, len(found))
        head = [f"# Keys of {framework} by release: validation/schemas/dump.py, of " + ", ".join(versions) + ".",
                "# Columns: key, the last release that did not have it yet, the first that has it no more, its values."]
        (TABLES / f"schema/{framework}.tsv").write_text("\n".join(head + list(rows(releases))) + "\n")


if __name__ == "__main__":
    main()
