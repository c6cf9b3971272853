"""Answers that are kept for a moment, and what makes them others."""

import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import vramcast
from vramcast import _memory
from vramcast._engine import ENGINE

JOB = {"model": "gpt2", "gpu": "l4"}


class MemoryTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(folder.name)
        vramcast.fit(**JOB)
        self.asked = mock.patch.object(ENGINE, "ask", side_effect=ENGINE.ask)
        self.ask = self.asked.start()
        self.addCleanup(self.asked.stop)

    def asks(self, call):
        """How often the process is asked in two equal calls."""
        before = self.ask.call_count
        first, second = call(), call()
        self.assertEqual(first.to_dict(), second.to_dict())
        return self.ask.call_count - before

    def test_the_same_is_asked_once_and_something_else_again(self):
        self.assertEqual(self.asks(lambda: vramcast.estimate(rank=31, method="lora", **JOB)), 1)
        self.assertEqual(self.asks(lambda: vramcast.estimate(rank=31, method="lora", **JOB)), 0)
        self.assertEqual(self.asks(lambda: vramcast.estimate(rank=33, method="lora", **JOB)), 1)
        self.assertEqual(self.asks(lambda: vramcast.fit(rank=31, method="lora", **JOB)), 1)

    def test_what_somebody_does_to_an_answer_is_not_in_the_next(self):
        vramcast.fit(**JOB).job["model"]["id"] = "changed"

        self.assertEqual(vramcast.fit(**JOB).job["model"]["id"], "gpt2")

    def test_an_answer_that_rests_on_a_file_is_computed_each_time(self):
        Path("job.yaml").write_text("model: {id: gpt2}\n")
        self.assertEqual(self.asks(lambda: vramcast.fit("job.yaml", gpu="l4")), 2)
        files = {"job.yaml": "model: {id: gpt2}\n"}
        self.assertEqual(self.asks(lambda: vramcast.fit(files=files, gpu="l4")), 2)
        Path("gpt2").mkdir()
        key = ENGINE._memory.key
        message = {"operation": "fit", "fields": {"job": {"model": {"id": "gpt2"}}}, "hub": True}
        self.assertIsNone(key({**message, "folder": os.getcwd()}))
        self.assertIsNotNone(key({**message, "folder": "/"}))
        for gpu in ("local", "local:2", "LOCAL", " local", "Local : 2 "):
            self.assertIsNone(key({**message, "fields": {"gpu": gpu}, "folder": "/"}), gpu)
        with mock.patch.dict(os.environ, {"HOME": os.getcwd(), "USERPROFILE": os.getcwd()}):
            home = {"fields": {"job": {"model": {"id": "~/gpt2"}}}, "folder": "/"}
            self.assertIsNone(key({**message, **home}))

    def test_other_prices_corrections_and_days_are_another_question(self):
        message = {"operation": "fit", "fields": {"gpu": "l4"}, "hub": True, "folder": "/"}
        folders = {"XDG_CACHE_HOME": os.getcwd(), "XDG_CONFIG_HOME": os.getcwd() + "/c"}
        files = ("vramcast/prices/vast.json", "c/vramcast/corrections.ini", "own/prices/vast.json")
        for file in files:
            Path(file).parent.mkdir(parents=True)
        with mock.patch.dict(os.environ, folders):
            os.environ.pop("VRAMCAST_CACHE", None)
            keys = [ENGINE._memory.key(message)]
            for file in files:
                if file.startswith("own"):
                    os.environ["VRAMCAST_CACHE"] = os.getcwd() + "/own"
                for text in ("a", "bc"):
                    # In place, so that the folder does not change, and at the same time.
                    Path(file).write_text(text)
                    os.utime(file, (1, 1))
                    keys.append(ENGINE._memory.key(message))
                os.utime(file, (2, 2))
                keys.append(ENGINE._memory.key(message))
            with mock.patch.object(_memory, "date") as day:
                day.today.return_value.isoformat.return_value = "2000-01-01"
                keys.append(ENGINE._memory.key(message))
        self.assertEqual(len(set(keys)), len(keys))
        self.assertEqual(len(keys), 11)

    def test_nothing_is_kept_for_long_and_not_too_much(self):
        memory = _memory.Memory()
        memory.keep("a", {"x": 1})
        self.assertEqual(memory.find("a"), {"x": 1})
        with mock.patch.object(_memory.time, "monotonic", lambda: 1e12):
            self.assertIsNone(memory.find("a"))
        for number in range(40):
            memory.keep(str(number), {"x": "y" * 900_000})
        self.assertLessEqual(memory._bytes, _memory.MOST_BYTES)
        self.assertIsNone(memory.find("0"))
        self.assertIsNotNone(memory.find("39"))

    def test_another_process_answers_anew(self):
        vramcast.close()

        self.assertEqual(self.asks(lambda: vramcast.fit(**JOB)), 1)


if __name__ == "__main__":
    unittest.main()
