"""Tells whether an LLM fine-tune fits a GPU, before the GPU is rented.

>>> import vramcast
>>> vramcast.fit(model="llama-3.1-8b", method="qlora", gpu="rtx-4090").verdict
'fits'

The functions take a job (a mapping, or the path of a training file), or its keys as keywords with
the names of the command line's options; they answer with dataclasses.
"""

from importlib import import_module as _import_module

# The command line starts in this package too, so nothing is imported before it is needed.
_PLACES = {
    **dict.fromkeys(
        (
            "CallTimeoutError",
            "DoesNotFitError",
            "InputError",
            "JavaNotFoundError",
            "ProcessError",
            "VramcastError",
        ),
        "_errors",
    ),
    **dict.fromkeys(("sweep", "SweepTable"), "_sweep"),
    **dict.fromkeys(("check", "job_of", "Check"), "_trainer"),
    "VramcastCallback": "_callback",
}


def __getattr__(name):
    if name in _PLACES:
        return getattr(_import_module(f"vramcast.{_PLACES[name]}"), name)
    if name == "__version__":
        from importlib.metadata import version

        return version("vramcast")
    if name in ("aio", "answers"):
        return _import_module(f"vramcast.{name}")
    if not name.startswith("_"):
        calls, tables = _import_module("vramcast._calls"), _import_module("vramcast._tables")
        if name in tables.OPERATIONS:
            return globals().setdefault(name, calls.function(name))
        answers = _import_module("vramcast.answers")
        if hasattr(answers, name):
            return getattr(answers, name)
    raise AttributeError(f"module 'vramcast' has no attribute {name!r}")


def __dir__():
    tables = _import_module("vramcast._tables")
    return sorted([*_PLACES, *tables.OPERATIONS, "aio", "answers", "close", "__version__"])


def close():
    """Ends the Java process, if there is one; the next call starts another."""
    from vramcast._engine import ENGINE

    ENGINE.close()
