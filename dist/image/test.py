"""Unpacks archives of build.sh, and asks what is in them: program, server, page, bill of materials.

    test.py FILE...     .tar.gz and .deb
"""

import json
import re
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "supply"))

import bills
import check

JOB = ["--model", "llama-3.1-8b", "--method", "qlora", "--gpu", "rtx-4090"]
ASKED = {"job": {"model": {"id": "gpt2"}, "hardware": {"gpu": "l4"}}}
WITHIN = {"picocli", "javalin", "mcp-core", "openjdk"}


def unpacked(file, folder):
    """The folder of the program, and the program as a user calls it."""
    if file.suffix == ".deb":
        subprocess.run(["dpkg-deb", "-x", str(file), str(folder)], check=True)
        held(subprocess.run(["dpkg-deb", "-f", str(file), "Version"], capture_output=True, text=True)
             .stdout.strip() == bills.version(), "the package says another version")
        held((folder / "usr/share/doc/vramcast/sbom.cdx.json").is_file(), "a link leads nowhere")
        return folder / "usr/lib/vramcast", folder / "usr/bin/vramcast"
    with tarfile.open(file) as packed:
        packed.extractall(folder, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    (image,) = folder.iterdir()
    return image, image / "bin/vramcast"


def held(so, otherwise):
    if not so:
        raise SystemExit(f"test.py: {otherwise}")


def call(program, *arguments):
    """The command of a call; no Java is on the path, and no folder holds an archive of classes."""
    there = ["HOME=/nonexistent", "XDG_CACHE_HOME=/dev/null", "PATH=/usr/bin:/bin", "LANG=C.UTF-8"]
    return ["env", "-i", *there, str(program), *arguments]


def answers(program):
    said = subprocess.run(call(program, "--version"), capture_output=True, text=True).stdout
    held(said == f"vramcast {bills.version()}\n", f"the archive says {said!r}")
    done = subprocess.run(call(program, "fit", "--offline", *JOB), capture_output=True, text=True)
    held(done.returncode == 0, f"fit does not answer: {done.stderr}")


def serves(program, has_page):
    with subprocess.Popen(
        call(program, "serve", "--port", "0"), stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            address = server.stdout.readline().split()[-1].rstrip("/")
            with urllib.request.urlopen(address + "/health", timeout=60) as told:
                held(told.status == 200, "the server is not healthy")
            if has_page:
                with urllib.request.urlopen(address, timeout=60) as told:
                    held("<title>Vramcast" in told.read().decode(), "the page is not served")
            request = urllib.request.Request(
                address + "/api/v1/fit",
                json.dumps(ASKED).encode(),
                {"Content-Type": "application/json"},
            )
            with urllib.request.urlopen(request, timeout=60) as told:
                held("verdict" in json.load(told), "fit has no verdict")
        finally:
            server.terminate()


def has_a_bill(image):
    bill = json.loads((image / "sbom.cdx.json").read_text())
    known = {it["name"]: it for it in bill["components"]}
    has_page = (image / "lib/vramcast-web.jar").is_file()
    missing = {*WITHIN, *({"chart.js"} if has_page else ())} - known.keys()
    held(not missing, f"the bill lacks {', '.join(sorted(missing))}")
    release = (image / "lib/runtime/release").read_text()
    version = re.search(r'^JAVA_VERSION="(.*)"', release, re.M)[1]
    held(known["openjdk"]["version"] == version, "the bill has another Java")
    wrong = list(check.complaints(bill, []))
    held(not wrong, "; ".join(wrong))
    return has_page


def main(files):
    held(files, "no archive is given")
    for file in map(Path, files):
        with tempfile.TemporaryDirectory() as folder:
            image, program = unpacked(file, Path(folder))
            has_page = has_a_bill(image)
            answers(program)
            serves(program, has_page)
            print(f"{file.name}: answers, serves, and has its bill of materials")


if __name__ == "__main__":
    main(sys.argv[1:])
