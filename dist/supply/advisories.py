"""Takes what is known of packages that ship out of a snapshot of advisories into advisories.json.

    advisories.py DAY SNAPSHOT    a folder or a zip of files in OSV's format, e.g. a clone of GitHub's
                                  advisory database, or OSV's own dump of an ecosystem

What ships is what the bills of materials of the last build say. Entries that the snapshot does not
have, as those of pull requests and release notes, stay. Each entry that came or went is a line.
"""

import json
import sys
import zipfile
from pathlib import Path

from check import BUILT, HERE, ROOT

KEPT = HERE / "advisories.json"
ECOSYSTEMS = {"Maven", "npm"}
# Of a range that nobody has ended yet.
ENDLESS = "999999999"


def texts(snapshot):
    """The JSON texts below a folder, or in a zip."""
    if snapshot.is_dir():
        for path in sorted(snapshot.rglob("*.json")):
            yield path.read_bytes()
    else:
        with zipfile.ZipFile(snapshot) as archive:
            for name in sorted(archive.namelist()):
                if name.endswith(".json"):
                    yield archive.read(name)


def ranges(affected):
    """From and up to which versions; a last affected one counts as mended by the next of its line."""
    for each in affected.get("ranges", []):
        if each.get("type") not in ("ECOSYSTEM", "SEMVER"):
            continue
        introduced = None
        for event in each.get("events", []):
            if "introduced" in event:
                introduced = event["introduced"]
            elif introduced is not None and ("fixed" in event or "last_affected" in event):
                yield introduced, event.get("fixed") or event["last_affected"] + ".1"
                introduced = None
        if introduced is not None:
            yield introduced, ENDLESS


def entries(text, packages):
    """What one text says of the packages."""
    try:
        advisory = json.loads(text)
    except ValueError:
        return
    if not isinstance(advisory, dict) or advisory.get("withdrawn"):
        return
    for affected in advisory.get("affected", []):
        package = affected.get("package", {})
        if package.get("ecosystem") in ECOSYSTEMS and package.get("name") in packages:
            for introduced, fixed in ranges(affected):
                yield {
                    "id": advisory["id"],
                    "package": package["name"],
                    "introduced": introduced,
                    "fixed": fixed,
                }


def shipped():
    """The names of all that ships."""
    for path in ROOT.glob(BUILT):
        for component in json.loads(path.read_text()).get("components", []):
            yield ":".join(it for it in (component.get("group"), component["name"]) if it)


def merged(kept, found):
    """Those of the snapshot, and of the kept ones those whose advisory it does not have."""
    known = {(it["id"], it["package"]) for it in found}
    left = [it for it in kept if (it["id"], it["package"]) not in known]
    unique = {json.dumps(it, sort_keys=True): it for it in left + found}
    return sorted(unique.values(), key=lambda it: (it["package"], it["id"], it["introduced"]))


def text(document, found):
    """As the file is written: a line for each entry."""
    head = {key: value for key, value in document.items() if key != "advisories"}
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
    rows = ",\n".join(f"    {json.dumps(it)}" for it in found)
    return "\n".join(["{", *lines, '  "advisories": [', rows, "  ]", "}", ""])


def main(arguments):
    if len(arguments) != 2 or not Path(arguments[1]).exists():
        print("usage: advisories.py DAY SNAPSHOT, a folder or a zip", file=sys.stderr)
        return 2
    day, snapshot = arguments[0], Path(arguments[1])
    packages = set(shipped())
    if not packages:
        print("advisories.py: no build has made a bill of materials; run mvn package", file=sys.stderr)
        return 2
    document = json.loads(KEPT.read_text())
    kept = document["advisories"]
    found = [it for each in texts(snapshot) for it in entries(each, packages)]
    result = merged(kept, found)
    for sign, some, others in (("+", result, kept), ("-", kept, result)):
        for it in some:
            if it not in others:
                print(sign, it["package"], it["id"], it["introduced"], "to", it["fixed"])
    KEPT.write_text(text({**document, "as of": day}, result))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
