"""The Java process behind the calls: threads, forks, ends that nobody expects."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
import unittest

import vramcast
from vramcast._engine import ENGINE

JOB = {"model": "llama-3.1-8b", "method": "qlora", "gpu": "rtx-4090"}


def pid():
    vramcast.fit(**JOB)
    return ENGINE._process.pid


def states(process):
    """Of all threads of a process, a letter each; none of a thread that ends meanwhile."""
    found = []
    for thread in os.listdir(f"/proc/{process}/task"):
        try:
            with open(f"/proc/{process}/task/{thread}/stat") as stat:
                found.append(stat.read().rsplit(")", 1)[1].split()[0])
        except OSError:
            continue
    return found


def is_there(process):
    try:
        return any(state != "Z" for state in states(process))
    except OSError:
        return False


def stop(process):
    """Stops a process, and waits until none of its threads runs."""
    os.kill(process, signal.SIGSTOP)
    while any(state != "T" for state in states(process)):
        time.sleep(0.01)


class ProcessTest(unittest.TestCase):
    def test_all_calls_share_one_process(self):
        found = set()

        def ask():
            for _ in range(5):
                found.add(pid())

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        self.assertEqual(len(found), 1)

    def test_a_killed_process_is_one_exception_and_the_next_call_starts_another(self):
        first = pid()
        caught = []

        def ask():
            try:
                vramcast.plan(tokens=1e10, timeout=60, all=True, **{**JOB, "gpu": "8GB.."})
            except vramcast.ProcessError as e:
                caught.append(e)

        stop(first)  # So that the answer is not there before the end.
        thread = threading.Thread(target=ask)
        thread.start()
        time.sleep(0.3)
        os.kill(first, signal.SIGKILL)
        thread.join(30)

        self.assertEqual(len(caught), 1)
        self.assertIn("killed by signal 9 (SIGKILL)", str(caught[0]))
        self.assertRegex(caught[0].last_words, r"\S \(asked: plan\)$")
        self.assertTrue(str(caught[0]).endswith(": " + caught[0].last_words))
        self.assertNotEqual(pid(), first)

    def test_a_process_that_hangs_is_given_up_in_time(self):
        first = pid()
        stop(first)
        begin = time.monotonic()

        with self.assertRaises(vramcast.CallTimeoutError) as caught:
            vramcast.fit(timeout=0.5, rank=77, **JOB)

        self.assertIsInstance(caught.exception, TimeoutError)
        self.assertLess(time.monotonic() - begin, 15)
        self.assertNotEqual(pid(), first)
        self.assertFalse(is_there(first))

    def test_the_last_words_of_a_java_that_does_not_start_are_told(self):
        code = (
            "import vramcast\n"
            "try: vramcast.gpus()\n"
            "except vramcast.ProcessError as e: print(e.last_words)"
        )
        there = {**os.environ, "JAVA_TOOL_OPTIONS": "-XX:NoSuchOption"}
        done = subprocess.run(
            [sys.executable, "-c", code], env=there, capture_output=True, text=True, timeout=60
        )

        self.assertIn("NoSuchOption", done.stdout)
        self.assertEqual(done.stderr, "")

    def test_a_call_that_takes_too_long_is_given_up_and_the_process_goes_on(self):
        first = pid()

        with self.assertRaises(vramcast.CallTimeoutError):
            vramcast.plan(tokens=1e10, timeout=0.001, **{**JOB, "gpu": "8GB.."})

        self.assertEqual(pid(), first)

    def test_a_child_after_a_fork_has_a_process_of_its_own(self):
        first = pid()
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            status = 1
            try:
                os.write(writing, str(pid()).encode())
                ENGINE.close()
                status = 0
            finally:
                os._exit(status)
        os.close(writing)
        with os.fdopen(reading) as told:
            other = int(told.read())
        _, status = os.waitpid(child, 0)

        self.assertEqual(status, 0)
        self.assertNotEqual(other, first)
        self.assertFalse(is_there(other))
        self.assertEqual(pid(), first)

    def test_a_cancelled_task_leaves_the_process_to_others(self):
        async def cancelled():
            given = {**JOB, "gpu": "8GB.."}
            stop(first)  # So that the answer is not there before the end.
            task = asyncio.ensure_future(vramcast.aio.plan(tokens=1e10, all=True, **given))
            await asyncio.sleep(0.2)
            task.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await task
            os.kill(first, signal.SIGCONT)
            return await vramcast.aio.fit(**JOB)

        first = pid()
        self.assertTrue(asyncio.run(cancelled()).fits)
        self.assertEqual(pid(), first)

    def test_the_process_ends_with_the_interpreter(self):
        for end in ("", "\nimport os; os.kill(os.getpid(), 9)"):
            code = (
                "import vramcast; vramcast.gpus('l4')\n"
                "from vramcast._engine import ENGINE; print(ENGINE._process.pid, flush=True)" + end
            )
            done = subprocess.run(
                [sys.executable, "-c", code], capture_output=True, text=True, timeout=60
            )
            process = int(done.stdout)
            late = time.monotonic() + 20
            while is_there(process) and time.monotonic() < late:
                time.sleep(0.05)
            self.assertFalse(is_there(process))

    def test_an_interrupt_at_the_terminal_is_not_for_the_process(self):
        self.assertNotEqual(os.getpgid(pid()), os.getpgid(0))

    def test_close_ends_it_and_the_next_call_starts_another(self):
        first = pid()

        vramcast.close()

        self.assertFalse(is_there(first))
        self.assertNotEqual(pid(), first)


if __name__ == "__main__":
    unittest.main()
