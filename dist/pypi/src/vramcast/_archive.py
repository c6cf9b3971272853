"""Makes the archive of classes, as a process of its own beside the first answer."""

import os
import subprocess
import sys
import time
from pathlib import Path

from vramcast import _java

# The first answer is not to wait for this.
_PATIENCE_SECONDS = 2
_LIMIT_SECONDS = 300
_UNUSED_SECONDS = 60 * 24 * 3600


def make(java: str, archive: Path) -> bool:
    """Makes the archive unless another process is at it; whether it is there then."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    lock = archive.with_suffix(".lock")
    try:
        if time.time() - lock.stat().st_mtime > _LIMIT_SECONDS:
            lock.unlink()
    except OSError:
        pass  # Nobody is at it.
    try:
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except OSError:
        return archive.is_file()
    classes, made = archive.with_suffix(".classes"), archive.with_suffix(".new")
    try:
        if not archive.is_file():
            path = _java.program_path()
            _run(
                java, *_java.IN_PLACE, "-Xshare:off", f"-XX:DumpLoadedClassList={classes}", "-cp", path,
                "dev.vramcast.cli.WarmUp", "tools",
            )
            _run(
                java, "-Xshare:dump", f"-XX:SharedClassListFile={classes}",
                f"-XX:SharedArchiveFile={made}", "-cp", path,
            )
            os.replace(made, archive)
            _forget_unused(archive.parent)
        return True
    except (OSError, subprocess.SubprocessError):
        return False
    finally:
        for left in (classes, made, lock):
            left.unlink(missing_ok=True)


def _run(*command: str) -> None:
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    subprocess.run(
        command, check=True, timeout=_LIMIT_SECONDS, stderr=subprocess.DEVNULL, **quiet
    )


def _forget_unused(folder: Path) -> None:
    """Archives of versions that nobody has started for long."""
    for other in folder.glob("*.jsa"):
        try:
            if time.time() - other.stat().st_atime > _UNUSED_SECONDS:
                other.unlink()
        except OSError:
            pass  # Another process was faster.


def main() -> int:
    time.sleep(_PATIENCE_SECONDS)
    if hasattr(os, "nice"):
        os.nice(10)
    java = _java.java()
    archive = _java.archive(java)
    return 0 if archive is not None and make(java, archive) else 1


if __name__ == "__main__":
    sys.exit(main())
