#!/usr/bin/env python3
"""Lists the configurations that torchtune and LitGPT ship under names, for the readers of commands.

    python3 validation/corpus/shipped.py torchtune==0.6.1 FOLDER/recipes/configs '' \
        litgpt==0.5.13 CHECKOUT/config_hub config_hub/ > shipped.tsv

Three arguments each: the version, the folder with the files, and what stands before their names. Of
each file only the keys are kept that the readers take.
"""

import json
import sys
from pathlib import Path

import yaml

TABLES = Path(__file__).resolve().parents[2] / "formats/src/main/resources/dev/vramcast/formats/training"


def taken(framework):
    """The keys that the reader takes."""
    rows = (line.split("\t") for line in (TABLES / framework / "keys.tsv").read_text().splitlines()
            if line and not line.startswith("#"))
    return {row[0] for row in rows if row[1] in ("job", "read", "uncounted", "unmodelled")}


def kept(section, keys, path=""):
    result = {}
    for name, value in section.items():
        if value is None:
            continue
        below = path + name
        if isinstance(value, dict):
            inner = kept(value, keys, below + ".")
            if inner:
                result[name] = inner
        elif below in keys:
            result[name] = value
    return result


def main(arguments):
    print("# Configurations that frameworks ship under names, made by validation/corpus/shipped.py.")
    print("# Columns: framework, name, the keys that the reader takes. Sources and versions:")
    for version, _, _ in zip(*[iter(arguments)] * 3):
        print(f"# {version}")
    for version, folder, before in zip(*[iter(arguments)] * 3):
        framework = version.split("==")[0]
        keys = taken(framework)
        for file in sorted(Path(folder).rglob("*.yaml")):
            root = yaml.safe_load(file.read_text())
            name = before + file.relative_to(folder).as_posix()
            values = kept(root, keys) if isinstance(root, dict) else {}
            models = {"model", "policy_model"} & set(values)
            if framework != "torchtune" or models and "optimizer" in values:
                name = name if before else name.removesuffix(".yaml")
                print(f"{framework}:{name}\t{json.dumps(values, sort_keys=True)}")


if __name__ == "__main__":
    main(sys.argv[1:])
