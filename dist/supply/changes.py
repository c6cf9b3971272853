"""Shows which versions of what is within the working tree has in place of the last commit's.

    changes.py

A line for each of Maven's properties and each package of npm, whether it was asked for or came with
another one.
"""

import json
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILES = ("pom.xml", "web/package-lock.json", "browser/package-lock.json")
PROPERTY = re.compile(r"<([\w.-]+)\.version>([^<]+)</\1\.version>")


def versions(name, text):
    """Versions by names, of a pom.xml or a package-lock.json."""
    if name.endswith(".xml"):
        return dict(PROPERTY.findall(text))
    packages = json.loads(text).get("packages", {}) if text else {}
    return {path: it["version"] for path, it in packages.items() if path and "version" in it}


def changes(before, after):
    """Lines, in the order of the names."""
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name, "-"), after.get(name, "-")
        if old != new:
            yield f"{name}: {old} -> {new}"


def committed(name):
    shown = subprocess.run(
        ["git", "-C", ROOT, "show", f"HEAD:{name}"], capture_output=True, text=True, check=False
    )
    return shown.stdout


def main():
    lines = []
    for name in FILES:
        path = ROOT / name
        now = path.read_text() if path.is_file() else ""
        found = changes(versions(name, committed(name)), versions(name, now))
        lines += [f"{name}: {line}" for line in found]
    print("\n".join(lines) or "nothing has changed")


if __name__ == "__main__":
    main()
