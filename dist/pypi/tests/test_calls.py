"""What the functions answer, and what they refuse."""

import ast
import asyncio
import json
import pickle
import subprocess
import sys
import unittest
from dataclasses import is_dataclass
from pathlib import Path
from xml.etree import ElementTree

import vramcast
from vramcast._errors import _OF_HTTP, _PARTS
from vramcast._sweep import USUAL_SECONDS, _refusal
from vramcast._tables import KEYWORDS, OPERATIONS

ROOT = Path(__file__).resolve().parents[3]
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
            (lambda: fit(offline="no", **JOB), "offline", "'no'", None),
            (lambda: fit(timeout=float("inf"), **JOB), "timeout", "inf", None),
            (lambda: fit(timeout=1e10, **JOB), "timeout", "10000000000.0", None),
            (lambda: fit(micro_batch=10**5000, **JOB), "micro_batch", "16610 bits", None),
            (lambda: fit(7 * 10**5000), "job", "a int", None),
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

    def test_an_exception_has_all_parts_that_the_program_says(self):
        problem = {
            "type": "about:blank", "title": "Bad Request", "status": 400, "detail": "all of it",
            "field": "a.b", "kind": "not_allowed", "given": "1", "allowed": "2 or 3",
            "nearest": "2", "hint": "say 2", "choices": ["x", "y"], "near": ["2", "3"],
            "sentence": [{"field": "a.b"}, {"text": " is 1; "}, {"field": "c"}, {"text": " is not"}],
        }  # fmt: skip
        error = vramcast.InputError.of(problem)

        self.assertEqual((error.field, error.kind, error.given), ("a.b", "not_allowed", "1"))
        self.assertEqual((error.allowed, error.nearest, error.hint), ("2 or 3", "2", "say 2"))
        self.assertEqual((error.choices, error.near), (["x", "y"], ["2", "3"]))
        named = error.in_words_of({"a.b": "bee", "c": "sea"})
        self.assertEqual(str(named), "bee is 1; sea is not")
        self.assertEqual((named.field, named.hint), ("bee", "say 2"))
        again = pickle.loads(pickle.dumps(named))
        self.assertEqual((str(again), again.parts), (str(named), named.parts))

    def test_every_part_of_a_problem_is_an_attribute(self):
        described = json.loads((ROOT / "docs/openapi.json").read_text())
        problem = described["components"]["schemas"]["Problem"]["properties"]

        self.assertEqual(set(problem) - {*_OF_HTTP, "sentence"}, set(_PARTS))

    def test_every_error_of_the_package_says_its_kind(self):
        kinds = json.loads((ROOT / "docs/openapi.json").read_text())
        kinds = kinds["components"]["schemas"]["Problem"]["properties"]["kind"]["enum"]
        for path in Path(vramcast.__file__).parent.glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "InputError":
                    given = {it.arg: it.value for it in node.keywords}
                    with self.subTest(file=path.name, line=node.lineno):
                        self.assertTrue("kind" in given or None in given or path.name == "_errors.py")
                        if "kind" in given:
                            self.assertIn(given["kind"].value, kinds)

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

    def test_what_no_sweep_can_be_made_of_is_refused_with_its_parts(self):
        sweep, rows = vramcast.sweep, [DOCUMENT]
        spec = {"models": ["gpt2"], "gpus": ["L4"]}
        cases = [
            (lambda: sweep({"modelz": ["gpt2"]}), "spec", "'modelz'", "models"),
            (lambda: sweep({**spec, "lora": {"rank": [0, 1]}}), "lora.rank", "0", None),
            (lambda: sweep(rows=rows, columns=["verdikt"]), "columns", "'verdikt'", "verdict"),
            (lambda: sweep(rows=rows, columns=[3]), "columns", "3", None),
            (lambda: sweep(rows=rows, columns=3), "columns", "3", None),
            (lambda: sweep(rows=3), "rows", "3", None),
            (lambda: sweep(rows=[DOCUMENT, 3]), "rows[1]", "3", None),
            (lambda: sweep(3), "spec", "3", None),
            (lambda: sweep(spec, threads="x"), "threads", "'x'", None),
            (lambda: sweep(spec, threads=0), "threads", "0", None),
            (lambda: sweep(spec, timeout="x"), "timeout", "'x'", None),
            (lambda: sweep(spec, timeout=float("inf")), "timeout", "inf", None),
            (lambda: sweep(), "spec", None, None),
        ]
        for number, (call, field, given, nearest) in enumerate(cases):
            with self.subTest(number):
                with self.assertRaises(vramcast.InputError) as refused:
                    call()
                error = refused.exception
                self.assertEqual((error.field, error.given, error.nearest), (field, given, nearest))
                self.assertNotRegex(str(error), r"\n|--|vramcast-|/|\{")

    def test_a_sweep_of_which_no_row_is_answered_is_a_table_that_says_why(self):
        table = vramcast.sweep(rows=[{**DOCUMENT, "model": {"id": "no-such-model"}}], offline=True)

        self.assertEqual(len(table), 1)
        self.assertIn("no-such-model", json.dumps(table.rows))

    def test_what_java_says_before_the_problem_of_a_sweep_is_left_out(self):
        problem = {"detail": "threads is 0", "field": "threads", "kind": "not_allowed"}
        for text in (json.dumps(problem), json.dumps(problem, indent=2)):
            error = _refusal(f"Picked up JAVA_TOOL_OPTIONS: {{x}}\n{text}", False)
            self.assertEqual((str(error), error.kind), ("threads is 0", "not_allowed"))
        self.assertEqual(str(_refusal("some words", True)), "some words")

    def test_a_sweep_ends_in_time(self):
        with self.assertRaises(vramcast.CallTimeoutError):
            vramcast.sweep({"models": ["gpt2"], "gpus": ["L4"]}, offline=True, timeout=0.01)
        self.assertGreater(USUAL_SECONDS, 0)

    def test_data_frames_need_their_library(self):
        answer = vramcast.gpus("24GB..")

        self.assertEqual(answer.tables(), ["gpus"])
        for frame in (answer.to_pandas, answer.to_polars):
            with self.assertRaisesRegex(vramcast.VramcastError, "is not installed"):
                frame()


if __name__ == "__main__":
    unittest.main()
