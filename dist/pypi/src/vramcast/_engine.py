"""One Java process for all calls, over its standard streams."""

from __future__ import annotations

import atexit
import copy
import json
import os
import queue
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError

from vramcast import _java
from vramcast._errors import CallTimeoutError, InputError, ProcessError, VramcastError
from vramcast._memory import Memory
from vramcast._question import shown

# How long a process may take to say that a call has ended which nobody wants any more.
_GRACE_SECONDS = 2.0
_LAST_LINES = 20

# A week. What waits for longer than some centuries is refused by the system besides.
MOST_SECONDS = 604_800


class _Process:
    """A started Java. Each stream has a thread, so that nobody waits for a process that hangs."""

    def __init__(self) -> None:
        java = _java.java()
        command = [java, *_java.start_options(java), "-XX:+UseSerialGC"]
        command += ["-cp", _java.class_path(), _java.MAIN, "serve", "--stdio"]
        # An interrupt at the terminal is for the interpreter, which ends this process itself.
        apart = {"creationflags": 0x08000200} if os.name == "nt" else {"start_new_session": True}
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,  # No buffer with a lock that a fork could leave locked.
                **apart,
            )
        except OSError as e:
            raise ProcessError(f"cannot start {java}", str(e)) from e
        self.pid = self._process.pid
        self._lock = threading.Lock()
        self._due: dict[int, tuple[str, Future]] = {}
        self._last_id = 0
        self._gone: ProcessError | None = None
        self._last_words: list[str] = []
        self._lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._listener = self._start(self._listen)
        self._start(self._read)
        self._start(self._write)

    @staticmethod
    def _start(work) -> threading.Thread:
        thread = threading.Thread(target=work, name="vramcast", daemon=True)
        thread.start()
        return thread

    @property
    def is_alive(self) -> bool:
        return self._gone is None and self._process.poll() is None

    def send(self, message: dict) -> tuple[int, Future]:
        answer: Future = Future()
        with self._lock:
            if self._gone is not None:
                raise copy.copy(self._gone)
            self._last_id += 1
            number = self._last_id
            self._due[number] = (message["operation"], answer)
        self._put({"id": number, **message})
        return number, answer

    def cancel(self, number: int) -> None:
        self._put({"cancel": number})

    def _put(self, message: dict) -> None:
        self._lines.put(json.dumps(message, allow_nan=False).encode() + b"\n")

    def _write(self) -> None:
        stdin = self._process.stdin
        while (line := self._lines.get()) is not None:
            try:
                rest = memoryview(line)
                while rest:
                    rest = rest[stdin.write(rest) :]
            except (OSError, ValueError):
                break  # The reader finds out that the process is gone.
        stdin.close()

    def _read(self) -> None:
        for line in _lines(self._process.stdout):
            try:
                message = json.loads(line)
            except ValueError:
                continue
            with self._lock:
                _, answer = self._due.pop(message.get("id"), (None, None))
            if answer is not None and answer.set_running_or_notify_cancel():
                answer.set_result(message)
        self._end()

    def _listen(self) -> None:
        for line in _lines(self._process.stderr):
            self._last_words.append(line.decode(errors="replace").rstrip())
            del self._last_words[:-_LAST_LINES]

    def _end(self) -> None:
        """All that waits is told that the process is gone, and what it said last."""
        code = self._process.wait()
        self._listener.join(1)
        with self._lock:
            gone = self._gone = self._gone or self._ended(code)
            left, self._due = list(self._due.values()), {}
        for _, answer in left:
            if answer.set_running_or_notify_cancel():
                answer.set_exception(copy.copy(gone))
        self._lines.put(None)

    def _ended(self, code: int) -> ProcessError:
        asked = sorted({operation for operation, _ in self._due.values()})
        words = " / ".join(line for line in self._last_words if line) or "it said nothing"
        if asked:
            words += f" (asked: {', '.join(asked)})"
        if code < 0:
            return ProcessError.killed("the Java process", -code, words)
        return ProcessError(f"the Java process ended with exit code {code}", words)

    def kill(self) -> None:
        """Ends it at once; nobody asks it any more, though its end is not seen yet."""
        with self._lock:
            self._gone = ProcessError("the Java process hung and was ended", "it said nothing")
        self._process.kill()

    def close(self, patience: float) -> None:
        """Lets it end by itself, and kills it where it does not."""
        self._lines.put(None)
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def forget(self) -> None:
        """In a child after a fork: the process is the parent's, whose end is not to wait for us."""
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            stream.close()
        self._process.returncode = 0


def _lines(stream) -> Iterator[bytes]:
    """The lines of a stream without a buffer, which is closed at its end."""
    rest = b""
    with stream:
        while chunk := stream.read(1 << 16):
            *whole, rest = (rest + chunk).split(b"\n")
            yield from whole
    if rest:
        yield rest


class Engine:
    """Starts the process when it is needed, and another when it is gone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: _Process | None = None
        self._memory = Memory()

    def recalled(self, message: dict) -> tuple[str | None, dict | None]:
        """What the process answered to the same a moment ago, by a key to keep an answer with."""
        process, key = self._process, self._memory.key(message)
        if key is None or process is None or not process.is_alive:
            return key, None
        return key, self._memory.find(key)

    def keep(self, key: str | None, answer: dict) -> dict:
        """The answer, kept where it has a key."""
        if key is not None:
            self._memory.keep(key, answer)
        return answer

    def _current(self) -> _Process:
        with self._lock:
            if self._process is None or not self._process.is_alive:
                self._memory.clear()
                self._process = _Process()
            return self._process

    def submit(self, message: dict) -> tuple[_Process, int, Future]:
        """Sends a question, to a second process where the first one ended just now."""
        process = self._current()
        try:
            return (process, *process.send(message))
        except ProcessError:
            process = self._current()
            return (process, *process.send(message))

    def ask(self, message: dict, limit: float) -> dict:
        """The answer.

        Raises InputError, CallTimeoutError after ``limit`` seconds, ProcessError.
        """
        process, number, answer = self.submit(message)
        try:
            return unwrapped(answer.result(limit))
        except FutureTimeoutError as e:
            # On Python 3.10 this class is not yet the built-in one.
            self.give_up(process, number, answer)
            raise CallTimeoutError(f"there is no answer within {limit:g} s") from e
        except BaseException:
            if not answer.done():  # An interrupt: nobody wants the answer any more.
                process.cancel(number)
            raise

    def give_up(self, process: _Process, number: int, answer: Future) -> None:
        """Ends a call; a process that does not even say so hangs and is ended."""
        process.cancel(number)
        try:
            answer.result(_GRACE_SECONDS)
        except FutureTimeoutError:
            process.kill()
        except VramcastError:
            pass  # It is gone already.

    def close(self, patience: float = 2.0) -> None:
        """Ends the process; a later call starts another."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.close(patience)

    def after_fork(self) -> None:
        self._lock = threading.Lock()
        self._memory = Memory()
        process, self._process = self._process, None
        if process is not None:
            process.forget()


def unwrapped(message: dict) -> dict:
    """The answer in a message, or what it says of the question."""
    problem = message.get("problem")
    if problem is None:
        return message["answer"]
    if 400 <= problem["status"] < 500:
        raise InputError.of(problem)
    raise VramcastError(problem["detail"])


ENGINE = Engine()
atexit.register(ENGINE.close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=ENGINE.after_fork)


def seconds(limit: float | None, usual: float) -> float:
    """The limit of a call."""
    if limit is None:
        return usual
    number = isinstance(limit, (int, float)) and not isinstance(limit, bool)
    if not number or not 0 < limit <= MOST_SECONDS:
        raise InputError.about(
            "timeout", shown(limit), f"seconds above 0, at most {MOST_SECONDS:,}"
        )
    return float(limit)


__all__ = ["ENGINE", "Engine", "seconds", "unwrapped"]
