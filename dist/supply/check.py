"""Holds what the artefacts have within them against licences and known advisories.

    check.py SBOM...    CycloneDX files; without any, those of the last build

A line for each thing that must not ship, and exit code 1 where there is one.
"""

import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILT = "*/target/classes/META-INF/sbom/application.cdx.json"

# One of them is enough where a component offers several.
LICENCES = {
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "EPL-2.0",
    "GPL-2.0-only WITH Classpath-exception-2.0",
    "MIT",
    "MIT-0",
    "OFL-1.1",
}


def order(version):
    """A key that sorts versions: numbers by value, and what is no release before it."""
    numbers, _, rest = version.partition("-")
    found = [int(it) for it in re.findall(r"\d+", numbers)]
    while found and found[-1] == 0:
        found.pop()
    return (found, not rest, rest)


def licences(component):
    for entry in component.get("licenses", []):
        if "expression" in entry:
            yield entry["expression"]
            yield from re.findall(r"[\w.+-]+", entry["expression"])
        else:
            yield entry["license"].get("id") or entry["license"].get("name", "")


def complaints(sbom, advisories):
    for component in sbom.get("components", []):
        name = ":".join(it for it in (component.get("group"), component["name"]) if it)
        version = component["version"]
        if name.startswith("dev.vramcast:"):
            continue
        known = list(licences(component))
        if not LICENCES.intersection(known):
            yield f"{name} {version}: licence {', '.join(known) or 'unknown'} is none of those that ship"
        for each in advisories:
            hit = order(each["introduced"]) <= order(version) < order(each["fixed"])
            if each["package"] == name and hit:
                yield f"{name} {version}: {each['id']}, mended in {each['fixed']}"


def main(arguments):
    files = [Path(it) for it in arguments] or sorted(ROOT.glob(BUILT))
    if not files:
        print("check.py: no build has made a bill of materials; run mvn package", file=sys.stderr)
        return 2
    advisories = json.loads((HERE / "advisories.json").read_text())["advisories"]
    failed = False
    for path in files:
        try:
            sbom = json.loads(path.read_text())
        except (OSError, ValueError) as error:
            print(f"check.py: {path}: no CycloneDX file: {error}", file=sys.stderr)
            return 2
        for line in complaints(sbom, advisories):
            print(line)
            failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
