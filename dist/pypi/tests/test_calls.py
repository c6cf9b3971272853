"""What the functions answer, and what they refuse."""

import asyncio
import json
import subprocess
import sys
import unittest
from dataclasses import is_dataclass
from pathlib import Path
from xml.etree import ElementTree

import vramcast
from vramcast._tables import KEYWORDS, OPERATIONS

JOB = {"model": "llama-3.1-8b", "method": "qlora", "gpu": "rtx-4090"}
DOCUMENT = {
    "model": {"id": "llama-3.1-8b"}, "method": "qlora", "hardware": {"gpu": "rtx-4090"}
}
AXOLOTL = "base_model: meta-llama/Llama-3.1-8B\nadapter: lora\nlora_r: 8\nmicro_batch_sise: 2\n"


def asked(*arguments):
    """What the command line answers as JSON."""
    command = [sys.executable, "-m", "vramcast", *arguments, "--format", "json"]
    return json.loads(subprocess.run(command, capture_output=True, timeout=120).stdout)


def without_places(answer):
    """Settings say where they stood: behind an option, or in a job."""
    for setting in answer.get("settings", ()):
        if setting["note"] in (f"--{setting['key'].split('.')[0]}", "--gpu", "job"):
            setting["note"] = ""
    return answer


class CallsTest(unittest.TestCase):
    def test_the_answer_is_that_of_the_command_line(self):
        flags = ("--model", "llama-3.1-8b", "--method", "qlora", "--gpu", "rtx-4090")

        for name in ("fit", "estimate"):
            with self.subTest(name):
                answer = getattr(vramcast, name)(**JOB)
                expected = without_places(asked(name, *flags))
                self.assertEqual(without_places(answer.to_dict()), expected)

    def test_keywords_documents_and_texts_say_the_same(self):
        text = json.dumps(DOCUMENT)

        answers = [
            vramcast.fit(**JOB),
            vramcast.fit(DOCUMENT),
            vramcast.fit({"model": {"id": "llama-3.1-8b"}}, method="qlora", hardware={"gpu": "rtx-4090"}),
            vramcast.fit(files={"job.yaml": text}, profile="recommended"),
        ]

        self.assertEqual({it.needed_bytes for it in answers}, {answers[0].needed_bytes})

    def test_every_operation_answers_with_its_record(self):
        given = {
            "estimate": JOB, "fit": JOB, "max": {**JOB, "batch": True}, "models": {},
            "plan": {**JOB, "tokens": 1e8, "gpu": "24GB.."}, "gpus": {}, "prices": {}, "guide": {},
            "cost": {**JOB, "tokens": 1e8, "gpu": "24GB.."}, "write": {**JOB, "to": "axolotl"},
            "lint": {"files": {"axolotl.yml": AXOLOTL}},
        }
        self.assertEqual(set(given), set(OPERATIONS))

        for name, keywords in given.items():
            with self.subTest(name):
                answer = getattr(vramcast, name)(timeout=120, **keywords)
                self.assertTrue(is_dataclass(answer))
                self.assertEqual(answer.kind, answer.to_dict()["kind"])
                ElementTree.fromstring(answer._repr_html_().replace("&nbsp;", " "))

    def test_records_are_typed_to_the_leaves(self):
        answer = vramcast.estimate(**JOB)

        self.assertIsInstance(answer, vramcast.Estimate)
        self.assertEqual(answer.gpu.verdict, "fits")
        self.assertTrue(answer.fits)
        self.assertIsInstance(answer.memory.alive[0].bytes, int)
        self.assertEqual(answer.memory.allocated_bytes,
                         answer.to_dict()["memory"]["allocated_bytes"])
        self.assertIsNone(answer.timeline)
        self.assertGreater(len(vramcast.estimate(timeline=True, **JOB).timeline.total_bytes), 100)

    def test_what_is_not_modelled_is_an_answer(self):
        answer = vramcast.fit(model="gpt2", stage="masked-lm", gpu="l4")

        self.assertIsInstance(answer, vramcast.NotModelled)
        self.assertIn("masked-lm", answer.reason)
        self.assertFalse(answer.fits)

    def test_a_training_file_is_read_by_its_path(self):
        path = Path("target/home/axolotl.yml")
        path.write_text(AXOLOTL)

        self.assertEqual(vramcast.lint(path).findings[0].key, "micro_batch_sise")
        self.assertEqual(vramcast.fit(path, gpu="l4").gpu, "L4")

    def test_what_cannot_be_used_is_refused_with_its_parts(self):
        fit = vramcast.fit
        cases = [
            (lambda: fit(rank=0, **JOB), "rank", "0", None),
            (lambda: fit({"lora": {"rank": 0}}, **JOB), "lora.rank", "0", None),
            (lambda: fit({"lorra": {"rank": 1}}, **JOB), "lorra", "'lorra'", "lora"),
            (lambda: fit(**{**JOB, "method": "qlor"}), "method", "'qlor'", "qlora"),
            (lambda: fit(modle="x"), "modle", None, "model"),
            (lambda: fit(dropout=float("nan"), **JOB), "dropout", "nan", None),
            (lambda: fit(7), "job", "7", None),
            (lambda: fit([7]), "job", "[7]", None),
            (lambda: fit({"lora": {None: 2}}), "job.lora", "None", None),
            (lambda: fit(timeout=0, **JOB), "timeout", "0", None),
            (lambda: fit(timeout=True, **JOB), "timeout", "True", None),
            (lambda: fit(offline="no", **JOB), "offline", None, None),
            (lambda: vramcast.gpus("rtx-4099"), "search", None, None),
            (lambda: vramcast.models(rank=1), "rank", None, None),
        ]
        for number, (call, field, given, nearest) in enumerate(cases):
            with self.subTest(number):
                with self.assertRaises(vramcast.InputError) as refused:
                    call()
                error = refused.exception
                self.assertEqual(error.field, field, error)
                self.assertIn(error.given, (given, "'rtx-4099'"), error)
                if nearest:
                    self.assertEqual(error.nearest, nearest, error)
                self.assertNotIn("\n", str(error))

    def test_numbers_of_other_libraries_are_numbers(self):
        class Scalar:
            def item(self):
                return 16

        self.assertEqual(vramcast.fit(rank=Scalar(), **JOB).to_dict(),
                         vramcast.fit(rank=16, **JOB).to_dict())

    def test_all_keywords_are_in_the_signatures(self):
        package = Path(vramcast.__file__).parent
        text = (package / "__init__.pyi").read_text()

        compile(text, "__init__.pyi", "exec")
        compile((package / "aio.pyi").read_text(), "aio.pyi", "exec")
        for name in OPERATIONS:
            self.assertIn(f"\ndef {name}(", text)
        for keyword in KEYWORDS:
            self.assertIn(f"    {keyword}: ", text)

    def test_asyncio_asks_side_by_side(self):
        async def many():
            calls = (vramcast.aio.fit(rank=rank, **JOB) for rank in range(1, 21))
            return await asyncio.gather(*calls)

        answers = asyncio.run(many())

        self.assertEqual([it.job["lora"]["rank"] for it in answers], list(range(1, 21)))

    def test_a_sweep_is_a_table(self):
        table = vramcast.sweep(
            {"models": ["gpt2"], "gpus": ["L4"], "batch": {"micro_batch": [1, 2, 4]}}, offline=True
        )
        jobs = vramcast.sweep(rows=[DOCUMENT], offline=True)

        self.assertEqual([it["micro_batch"] for it in table], [1, 2, 4])
        self.assertEqual(len(jobs), 1)
        few = vramcast.sweep(rows=[DOCUMENT], columns=["verdict", "model"], offline=True)
        self.assertEqual(list(few[0]), ["verdict", "model"])
        with self.assertRaisesRegex(vramcast.InputError, "--columns.*'verdikt'.*'verdict'"):
            vramcast.sweep(rows=[DOCUMENT], columns=["verdikt"], offline=True)
        with self.assertRaisesRegex(vramcast.InputError, "columns has 3"):
            vramcast.sweep(rows=[DOCUMENT], columns=[3])
        with self.assertRaisesRegex(vramcast.InputError, "unknown key 'modles'"):
            vramcast.sweep({"modles": ["gpt2"]})
        with self.assertRaises(vramcast.InputError):
            vramcast.sweep()

    def test_data_frames_need_their_library(self):
        answer = vramcast.gpus("24GB..")

        self.assertEqual(answer.tables(), ["gpus"])
        for frame in (answer.to_pandas, answer.to_polars):
            with self.assertRaisesRegex(vramcast.VramcastError, "is not installed"):
                frame()


if __name__ == "__main__":
    unittest.main()
