"""Holds the calls of a script against the functions of Unsloth and TRL, without importing them.

Unsloth asks for a GPU when it is imported, so its sources are read.
"""

import ast
from importlib.metadata import files
from pathlib import Path


def parameters(module, function, occurrence=0):
    """The names of a function's parameters, and whether it takes others."""
    path = next(f for f in files("unsloth") if str(f) == module).locate()
    tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    found = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == function]
    arguments = found[occurrence].args
    return {a.arg for a in arguments.args + arguments.kwonlyargs}


def check(tree):
    """Raises when a call names an argument that its function does not have."""
    known = {
        "from_pretrained": parameters("unsloth/models/loader.py", "from_pretrained"),
        "get_peft_model": parameters("unsloth/models/llama.py", "get_peft_model"),
    }
    seen = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = node.func.attr
            if name in known:
                seen.add(name)
                given = {keyword.arg for keyword in node.keywords}
                if given - known[name]:
                    raise ValueError(f"{name} takes no {sorted(given - known[name])}")
    if "from_pretrained" not in seen:
        raise ValueError("no call of from_pretrained")
