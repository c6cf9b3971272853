"""Bills of materials of what a release has within it, as CycloneDX files.

    bills.py page OUT             of the page's bundle
    bills.py image FOLDER OUT     of a folder of dist/image: program, server, page and the Java of it
"""

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CLASSPATH = "GPL-2.0-only WITH Classpath-exception-2.0"
JARS = {"cli": "vramcast.jar", "server": "vramcast-server.jar", "web": "vramcast-web.jar"}


def version():
    """That of the build."""
    text = (ROOT / "pom.xml").read_text()
    return re.search(r"<artifactId>vramcast</artifactId>\s*<version>([^<]+)</version>", text)[1]


def of_jar(module):
    """What Maven put into a module's jar."""
    path = ROOT / module / "target/classes/META-INF/sbom/application.cdx.json"
    return json.loads(path.read_text())


def page():
    """What the page's bundle has within it."""
    lock = json.loads((ROOT / "web/package-lock.json").read_text())
    components = [
        {
            "type": "library",
            "name": path.split("node_modules/")[-1],
            "version": it["version"],
            "licenses": [{"license": {"id": it["license"]}}],
            "purl": "pkg:npm/" + path.split("node_modules/")[-1].replace("@", "%40")
            + "@" + it["version"],
        }
        for path, it in sorted(lock["packages"].items())
        if path and not it.get("dev")
    ]
    return bill(components)


def bill(components, **more):
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, **more,
        "components": components,
    }  # fmt: skip


def java(release):
    """A Java that jlink made, out of the file that it writes beside it, with its modules."""
    said = dict(re.findall(r'^(\w+)="(.*)"$', release, re.M))
    number = said["JAVA_VERSION"]
    modules = [{"type": "library", "name": it, "version": number} for it in said["MODULES"].split()]
    maker = said.get("IMPLEMENTOR")
    return {
        "type": "platform",
        "bom-ref": f"pkg:generic/openjdk@{number}",
        **({"supplier": {"name": maker}} if maker else {}),
        "name": "openjdk",
        "version": number,
        "licenses": [{"expression": CLASSPATH}],
        "cpe": f"cpe:2.3:a:oracle:openjdk:{number}:*:*:*:*:*:*:*",
        "purl": f"pkg:generic/openjdk@{number}",
        "components": modules,
    }


def image(folder):
    """All that is in a folder of dist/image."""
    lib = folder / "lib"
    found = {}
    for module, jar in JARS.items():
        if (lib / jar).is_file():
            told = page() if module == "web" else of_jar(module)
            for each in told["components"]:
                found.setdefault(each["purl"], each)
    components = [found[it] for it in sorted(found)]
    components.append(java((lib / "runtime/release").read_text()))
    program = {
        "type": "application",
        "bom-ref": f"vramcast@{version()}",
        "name": "vramcast",
        "version": version(),
        "licenses": [{"license": {"id": "Apache-2.0"}}],
    }
    return bill(components, metadata={"component": program})


def text(told):
    return json.dumps(told, indent=2) + "\n"


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "page":
        Path(arguments[1]).write_text(text(page()))
    elif len(arguments) == 3 and arguments[0] == "image":
        Path(arguments[2]).write_text(text(image(Path(arguments[1]))))
    else:
        print("bills.py: allowed: page OUT, image FOLDER OUT", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
