"""What the commands in Python share: one line for what is wrong, and texts that a terminal may have."""

from __future__ import annotations

import argparse
import re
import sys
from typing import NoReturn

from vramcast._errors import InputError

BAD_INPUT = 2

# C0 and C1, which a terminal may obey, what turns the direction of a line, and what ends it.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class Parser(argparse.ArgumentParser):
    """Says a usage error as the program says its own, in one line."""

    def __init__(self, command: str, **more: str):
        super().__init__(prog=f"vramcast {command}", allow_abbrev=False, **more)

    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message}; {self.prog} --help lists what may be given", kind="not_allowed")


def visible(text: str) -> str:
    """In one line, with what a terminal would obey as its escape."""
    return _CONTROLS.sub(lambda it: repr(it[0])[1:-1], text)


def failed(error: object) -> int:
    """Says an error in one line; the exit code of bad input."""
    print(f"vramcast: {visible(str(error))}", file=sys.stderr)
    return BAD_INPUT
