"""Writes the typed part of the package out of the API's description (docs/openapi.json).

answers.py    a dataclass for each record of an answer, and what reads them out of JSON
_tables.py    the operations, their parameters, and the keyword of each key of a job
_words.py     what readers of models' configs and of jobs know by name, out of the sources
_cards.py     the words of each card's names, out of the catalogue (gpus.tsv)
__init__.pyi  the signatures of the functions
"""

import csv
import itertools
import json
import keyword
import re
import sys
from pathlib import Path

PREFIX = "#/components/schemas/"
PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
LEFT_OUT = {"Job", "Problem", "Health", "Warnings"}


def python_name(name):
    return name + "_" if keyword.iskeyword(name) else name


class Types:
    """Python's types for those of the schemas."""

    def __init__(self, schemas):
        self.schemas = schemas

    def of(self, schema):
        if "$ref" in schema:
            name = schema["$ref"].removeprefix(PREFIX)
            return "dict[str, Any]" if name == "Job" else name
        for several in ("oneOf", "anyOf"):
            if several in schema:
                return self.union([self.of(one) for one in schema[several]])
        if "const" in schema:
            return f"Literal[{schema['const']!r}]"
        kind = schema.get("type")
        if isinstance(kind, list):
            return self.union([self.of({**schema, "type": one}) for one in kind])
        if "enum" in schema:
            return f"Literal[{', '.join(map(repr, schema['enum']))}]"
        if kind == "array":
            return f"list[{self.of(schema['items'])}]"
        if kind == "object":
            inner = schema.get("additionalProperties")
            return f"dict[str, {self.of(inner) if isinstance(inner, dict) and inner else 'Any'}]"
        return PLAIN.get(kind, "Any")

    @staticmethod
    def union(types):
        return " | ".join(dict.fromkeys(types))

    def reader(self, schema, value):
        """The expression that reads a value; None where it is what JSON has."""
        if "$ref" in schema:
            name = schema["$ref"].removeprefix(PREFIX)
            return None if name in LEFT_OUT else f"_read_{name}({value})"
        if "anyOf" in schema:
            inner = [one for one in schema["anyOf"] if one.get("type") != "null"]
            read = self.reader(inner[0], value) if len(inner) == 1 else None
            return read and f"None if {value} is None else {read}"
        if "oneOf" in schema:
            names = [one["$ref"].removeprefix(PREFIX) for one in schema["oneOf"]]
            return f"_one_of({value}, {', '.join(names)})"
        if schema.get("type") == "array":
            read = self.reader(schema["items"], "it")
            return read and f"[{read} for it in {value}]"
        if isinstance(schema.get("additionalProperties"), dict):
            read = self.reader(schema["additionalProperties"], "it")
            return read and f"{{key: {read} for key, it in {value}.items()}}"
        return None


def one_line(text):
    return " ".join(text.split()).replace("\\", "\\\\").replace('"', "'")


def record(name, schema, types):
    """A dataclass and its reader."""
    keys = schema["properties"]
    required = set(schema.get("required", ()))
    is_answer = "vramcast_version" in required and "kind" in required
    lines = ["@dataclass(frozen=True, kw_only=True)"]
    lines += [f"class {name}({'Answer' if is_answer else 'Record'}):"]
    lines += [f'    """{one_line(schema.get("description", name))}"""', ""]
    reads = []
    for key, value in keys.items():
        field = python_name(key)
        annotation = types.of(value)
        access = f"it[{key!r}]" if key in required else f"it.get({key!r})"
        read = types.reader(value, "value")
        if key not in required:
            if "None" not in annotation.split(" | "):
                annotation += " | None"
            annotation += " = None"
            read = read and f"None if (value := {access}) is None else {read}"
        elif read:
            read = read.replace("value", f"it[{key!r}]") if read.count("value") == 1 else (
                f"(lambda value: {read})(it[{key!r}])"
            )
        if "description" in value:
            lines.append(f"    # {one_line(value['description'])}")
        lines.append(f"    {field}: {annotation}")
        reads.append(f"        {field}={read or access},")
    lines += ["", "", f"def _read_{name}(it: dict[str, Any]) -> {name}:", f"    return {name}("]
    lines += [*reads, "    )", "", ""]
    return lines


def answers(schemas):
    types = Types(schemas)
    kinds = {}
    lines = [
        '"""What the functions answer; made of the description of the HTTP API, by generate.py."""',
        "",
        "from __future__ import annotations",
        "",
        "from dataclasses import dataclass",
        "from typing import Any, Literal",
        "",
        "from vramcast._answer import Answer, Record",
        "",
        "",
    ]
    readers = []
    for name, schema in schemas.items():
        if name in LEFT_OUT:
            continue
        lines += record(name, schema, types)
        kind = schema["properties"].get("kind", {}).get("const")
        if kind and "vramcast_version" in schema["properties"]:
            kinds.setdefault(kind, []).append(name)
        readers.append(f"    {name!r}: (frozenset({sorted(schema.get('required', ()))!r}), "
                       f"_read_{name}),")
    lines += ["_READERS: dict[str, Any] = {", *readers, "}", "", ""]
    lines += [
        "def _one_of(it: dict[str, Any], *records: type) -> Any:",
        '    """The record whose keys are there."""',
        "    for record in records:",
        "        keys, read = _READERS[record.__name__]",
        "        if keys <= it.keys():",
        "            return read(it)",
        '    raise ValueError(f"no record has the keys {sorted(it)}")',
        "",
        "",
        "_KINDS: dict[str, list[str]] = " + repr(kinds),
        "",
        "",
        "def read_answer(it: dict[str, Any]) -> Any:",
        '    """The answer that JSON holds, which keeps it as it came."""',
        "    names = _KINDS[it['kind']]",
        "    answer = _one_of(it, *(globals()[name] for name in names))",
        "    object.__setattr__(answer, '_json', it)",
        "    return answer",
        "",
    ]
    return "\n".join(lines)


def keys_of(job, path=""):
    """The keys of a job by path."""
    for name, schema in job["properties"].items():
        if "x-keyword" in schema:
            yield path + name, schema
        else:
            yield from keys_of(schema, f"{path}{name}.")


def operations(description):
    for path, methods in description["paths"].items():
        if not path.startswith("/api/v1/"):
            continue
        (asked,) = methods.values()
        if "requestBody" in asked:
            body = asked["requestBody"]["content"]["application/json"]["schema"]
            parameters = dict(body["properties"])
        else:
            parameters = {it["name"]: it["schema"] for it in asked["parameters"]}
        takes_job = parameters.pop("job", None) is not None
        takes_files = parameters.pop("files", None) is not None
        answer = asked["responses"]["200"]["content"]["application/json"]["schema"]
        yield asked["operationId"], asked["summary"], parameters, takes_job, takes_files, answer


def tables(description):
    job = description["components"]["schemas"]["Job"]
    keywords = {python_name(it["x-keyword"]): path for path, it in keys_of(job)}
    known = {}
    for name, _, parameters, takes_job, _, _ in operations(description):
        kinds = {
            field: "flag" if it.get("type") == "boolean" else "text"
            for field, it in parameters.items()
        }
        known[name] = (kinds, takes_job)
    with_files = [name for name, _, _, _, takes_files, _ in operations(description) if takes_files]
    lines = ['"""What can be asked; made of the description of the HTTP API, by generate.py."""', ""]
    lines += ["# The path in a job of each keyword.", "KEYWORDS: dict[str, str] = {"]
    lines += [f"    {name!r}: {path!r}," for name, path in keywords.items()]
    lines += ["}", "", "# Each operation's own parameters, and whether it is about a job."]
    lines += ["OPERATIONS: dict[str, tuple[dict[str, str], bool]] = {"]
    lines += [f"    {name!r}: {known[name]!r}," for name in known]
    lines += ["}", "", f"TAKES_FILES = {with_files!r}", ""]
    return "\n".join(lines)


def words(description, sources):
    """What public code knows by name: keys and words of models' configs and of jobs.

    sources  folders of Java whose texts are those names, or dotted paths of them, and of the configs
             of public models, whose lists have more, and the types of whose parts are words too
    """
    name = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,47}")
    known = set()
    for folder in sources:
        for path in sorted(folder.rglob("*.java")):
            code = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(), flags=re.S)
            for text in re.findall(r'"((?:[^"\\\n]|\\.)*)"', code):
                pieces = {*text.split("."), *re.split("[.-]", text)}
                known |= {it for it in pieces if name.fullmatch(it)}
        for path in sorted(folder.rglob("*.json")):
            for model in json.loads(path.read_text())["models"]:
                lists = (it for key, it in model["config"].items() if key != "architectures")
                listed = itertools.chain(*(it for it in lists if isinstance(it, list)))
                parts = (it for it in model["config"].values() if isinstance(it, dict))
                types = (part.get("model_type") for part in parts)
                told = itertools.chain(listed, types)
                known |= {it for it in told if isinstance(it, str) and name.fullmatch(it)}
    for _, schema in keys_of(description["components"]["schemas"]["Job"]):
        items = schema.get("items", {})
        named = [*schema.get("enum", ()), *items.get("enum", ()), *_listed(schema.get("default"))]
        known |= {it for it in named if isinstance(it, str)}
    lines = ['"""Names that are public; made of the program\'s sources, by generate.py."""', ""]
    lines += ["WORDS: frozenset[str] = frozenset(", '    """', *sorted(known), '    """.split()', ")"]
    return "\n".join([*lines, ""])


def cards(table):
    """Of each card the words that its names have and those that they may have.

    table  the catalogue's rows, tab-separated under a head
    """
    rows = csv.DictReader(table.read_text().splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    told = []
    for row in rows:
        # How much memory it has is left out where people call it without.
        needed = {it for it in row["required"].split() if not re.fullmatch(r"\d+gb", it)}
        named = re.findall("[a-z0-9]+", row["name"].lower())
        more = {*row["required"].split(), *row["optional"].split(), *named} - needed
        told.append(f"    ({' '.join(sorted(needed))!r}, {' '.join(sorted(more))!r}),")
    lines = ['"""Names of cards; made of the catalogue, by generate.py."""', ""]
    lines += ["CARDS: tuple[tuple[str, str], ...] = (", *told, ")"]
    return "\n".join([*lines, ""])


def _listed(default):
    return default if isinstance(default, list) else [default]


def given(schema):
    """What may be given for a key."""
    if "enum" in schema:
        return f"Literal[{', '.join(map(repr, schema['enum']))}] | str"
    kind = schema.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    types = []
    for one in kinds:
        if one == "array":
            types.append("Sequence[Any]")
        elif one == "object":
            types.append("Mapping[str, Any]")
        else:
            types.append(PLAIN.get(one, "Any"))
    if "integer" in kinds or "number" in kinds:
        types.append("str")
    return Types.union(types)


def signatures(description):
    types = Types(description["components"]["schemas"])
    job = description["components"]["schemas"]["Job"]
    keys = {python_name(it["x-keyword"]): it for _, it in keys_of(job)}
    sections = [name for name, it in job["properties"].items() if "x-keyword" not in it]
    head = [
        '"""Tells whether an LLM fine-tune fits a GPU, before the GPU is rented."""',
        "",
        "from collections.abc import Mapping, Sequence",
        "from os import PathLike",
        "from typing import Any, Literal",
        "",
        "from vramcast import aio as aio, answers as answers",
        "from vramcast._errors import (",
        *(f"    {name} as {name}," for name in (
            "CallTimeoutError", "DoesNotFitError", "InputError", "JavaNotFoundError",
            "ProcessError", "VramcastError",
        )),
        ")",
        "from vramcast._sweep import SweepTable as SweepTable, sweep as sweep",
        "from vramcast._trainer import Check as Check, check as check, job_of as job_of",
        "from vramcast._callback import VramcastCallback as VramcastCallback",
        "from vramcast.answers import *",
        "",
        "__version__: str",
        "",
        "Job = Mapping[str, Any] | str | PathLike[str] | Sequence[str | PathLike[str]]",
        "",
        "def close() -> None: ...",
        "",
    ]
    asynchronous = [
        '"""The same functions for asyncio."""',
        "",
        "from collections.abc import Mapping, Sequence",
        "from typing import Any, Literal",
        "",
        "from vramcast import Job",
        "from vramcast.answers import *",
        "",
    ]
    body = []
    for name, summary, parameters, takes_job, takes_files, answer in operations(description):
        own = {python_name(field): it for field, it in parameters.items()}
        arguments = []
        if takes_job or takes_files:
            arguments += ["job: Job | None = None", "/"]
        arguments.append("*")
        arguments += [f"{field}: {given(it)} | None = None" for field, it in own.items()]
        if takes_files:
            arguments.append("files: Mapping[str, str] | Sequence[Mapping[str, str]] | None = None")
        if takes_job:
            arguments += [
                f"{field}: {given(it)}{' | Mapping[str, Any]' if field in sections else ''}"
                " | None = None"
                for field, it in keys.items() if field not in own
            ]
            arguments += [
                f"{field}: Mapping[str, Any] | None = None"
                for field in sections if field not in own and field not in keys
            ]
        arguments += ["offline: bool = False", "timeout: float | None = None"]
        body += [f"def {name}("]
        body += [f"    {argument}," for argument in arguments]
        body += [f") -> {types.of(answer)}:", f'    """{one_line(summary)}"""', ""]
    both = "\n".join(body)
    return (
        "\n".join(head) + both,
        "\n".join(asynchronous) + both.replace("\ndef ", "\nasync def ").replace(
            "def ", "async def ", 1),
    )


def generate(description, folder, sources, table):
    """Writes the files into the folder of the package."""
    (folder / "answers.py").write_text(answers(description["components"]["schemas"]))
    (folder / "_tables.py").write_text(tables(description))
    (folder / "_words.py").write_text(words(description, sources))
    (folder / "_cards.py").write_text(cards(table))
    synchronous, asynchronous = signatures(description)
    (folder / "__init__.pyi").write_text(synchronous)
    (folder / "aio.pyi").write_text(asynchronous)


if __name__ == "__main__":
    description, package, table, *folders = map(Path, sys.argv[1:])
    generate(json.loads(description.read_text()), package, folders, table)
