"""What stands in front of a merge: the gate, its files, and the action's script as it is."""

import ast
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import vramcast
from vramcast import _gate

ROOT = Path(__file__).resolve().parents[3]
FINE = (
    "base_model: meta-llama/Llama-3.1-8B\nadapter: qlora\nload_in_4bit: true\nlora_r: 8\n"
    "lora_alpha: 16\nlora_target_linear: true\nsequence_len: 1024\nmicro_batch_size: 1\n"
    "gradient_accumulation_steps: 4\nbf16: true\ngradient_checkpointing: true\n"
)

ERROR_NAMES = ("e", "error", "problem")


def _is_text_of_an_error(node):
    """Whether a text is rendered of an error there: its place, its sentence or the whole of it."""
    while isinstance(node, (ast.Subscript, ast.BoolOp)):
        node = node.values[0] if isinstance(node, ast.BoolOp) else node.value
    if isinstance(node, ast.Attribute):
        return node.attr == "place"
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute):
        return node.func.attr == "sentence"
    return (
        isinstance(node.func, ast.Name)
        and node.func.id == "str"
        and isinstance(node.args[0], ast.Name)
        and node.args[0].id in ERROR_NAMES
    )


class GateTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name).resolve()
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.folder)

    def write(self, name, text):
        (self.folder / name).write_text(text)
        return name

    def run_gate(self, *arguments):
        command = [sys.executable, "-m", "vramcast", "gate", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=120)

    def test_each_verdict_has_its_exit_code(self):
        misspelt = FINE.replace("micro_batch_size", "micro_batch_sise")
        cases = [
            (FINE, ["--gpu", "rtx-4090"], 0, "fits one RTX 4090"),
            (FINE.replace("adapter: qlora\nload_in_4bit: true\n", ""), ["--gpu", "l4"], 3, "error: "),
            (misspelt, [], 1, "8:1: warning: micro_batch_sise is not a key"),
            ("base_model: [\n", [], 2, "2:1: error: "),
            ("on: push\njobs: {}\n", ["--gpu", "l4"], 0, ""),
            ("Bucket: !Ref Name\n", ["--gpu", "l4"], 0, ""),
            ("base_model: !Ref Name\n", ["--gpu", "l4"], 2, "tags are not supported"),
        ]
        for text, options, code, said in cases:
            with self.subTest(said):
                done = self.run_gate(*options, self.write("train.yml", text))
                self.assertEqual((done.returncode, done.stderr), (code, ""), done.stdout)
                self.assertIn(said, done.stdout)

    def test_a_file_that_is_not_there_is_a_finding(self):
        done = self.run_gate("none.yml")

        self.assertEqual(done.returncode, 2)
        self.assertIn("none.yml:1:1: error: ", done.stdout)

    def test_a_file_that_trains_nothing_is_a_note_and_passed_over(self):
        name = self.write(
            "merge.yaml",
            "model_name_or_path: meta-llama/Llama-3.1-8B\nadapter_name_or_path: saves/sft\n"
            "template: llama3\nfinetuning_type: lora\nexport_dir: models/merged\n",
        )
        done = self.run_gate("--gpu", "rtx-4090", name)

        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("merge.yaml:5:1: note: this trains nothing: ", done.stdout)
        self.assertNotIn("replaces it", done.stdout)

    def test_a_message_has_neither_place_nor_folder(self):
        name = self.write("train.yml", "base_model: [\n")
        (finding,) = _gate.gate(name, None).findings

        self.assertEqual((finding.path, finding.line), ("train.yml", 2))
        self.assertNotIn("train.yml", finding.message)
        self.assertNotIn(str(self.folder), finding.message)

    def test_a_line_is_found_however_long_the_path_is(self):
        deep = self.folder / ("a" * 60) / ("b" * 60)
        deep.mkdir(parents=True)
        (deep / "train.yml").write_text("base_model: [\n")
        path = str((deep / "train.yml").relative_to(self.folder))
        (finding,) = _gate.gate(path, None).findings

        self.assertEqual((finding.path, finding.line, finding.column), (path, 2, 1))
        self.assertNotIn("train.yml", finding.message)

    def test_another_place_in_a_message_is_named_as_the_file_was_given(self):
        name = self.write("train.yml", FINE + "lora_r: 4\n")
        said = [it.message for it in _gate.gate(name, None).findings]

        self.assertIn("lora_r is given twice, first in train.yml:4:1; this value holds", said)
        self.assertNotIn(str(self.folder), "".join(said))

    def test_no_part_of_an_error_is_read_out_of_a_text(self):
        for path in Path(_gate.__file__).parent.glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                taken = []
                if isinstance(node, ast.Subscript):
                    taken = [node.value]
                elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    owner = node.func.value
                    is_re = isinstance(owner, ast.Name) and owner.id == "re"
                    taken = node.args if is_re else [owner]
                with self.subTest(f"{path.name}:{getattr(node, 'lineno', 0)}"):
                    self.assertFalse(any(map(_is_text_of_an_error, taken)))

    def test_a_count_that_the_card_has_is_not_said_to_be_missing(self):
        name = self.write("train.yml", FINE)
        found = _gate.gate(name, "a100-80gb:4").findings

        self.assertEqual([it for it in found if "how many GPUs" in it.message], [])

    def test_findings_are_written_as_sarif_by_line(self):
        found = _gate.gate(self.write("a.yml", FINE.replace("lora_r:", "lora_rr:")), "l4")
        written = _gate.sarif([found], "1.2.3")

        (run,) = written["runs"]
        result = next(it for it in run["results"] if it["ruleId"] == "misspelt-key")
        place = result["locations"][0]["physicalLocation"]
        self.assertEqual(place["artifactLocation"]["uri"], "a.yml")
        self.assertEqual(place["region"], {"startLine": 4, "startColumn": 1})
        rules = {it["id"] for it in run["tool"]["driver"]["rules"]}
        self.assertEqual({it["ruleId"] for it in run["results"]} - rules, set())

    def test_an_annotation_cannot_be_broken_out_of(self):
        line = _gate.annotation(_gate.Finding("a,b:c", "rule", "error", "one\n::error::two%"))

        self.assertEqual(
            line,
            "::error file=a%2Cb%3Ac,line=1,col=1,title=vramcast rule::one%0A::error::two%25",
        )

    def test_a_file_that_is_named_as_an_option_writes_nothing(self):
        for name in ("--summary=pwned.yml", "--sarif=pwned.yml", "--gpu", "-"):
            with self.subTest(name):
                self.write(name, FINE)
                done = self.run_gate("--gpu", "rtx-4090", name, self.write("train.yml", FINE))
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertEqual(
                    done.stderr.replace("--gpu", name),
                    f"vramcast: {name} is an option and a file here; a file stands behind --\n",
                )
                done = self.run_gate("--", name)
                self.assertEqual(done.stderr, "")
                Path(name).unlink()
                self.assertEqual(os.listdir(), ["train.yml"])

    def test_a_name_tells_a_terminal_nothing(self):
        name = self.write("e\033[31mx\u202e\udcff.yml", "base_model: [\n")
        for options in ([], ["--annotations"]):
            done = self.run_gate(*options, "--summary", "sum.md", name)
            self.assertEqual(done.returncode, 2)
            said = done.stdout + done.stderr + Path("sum.md").read_text()
            self.assertNotRegex(said, "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]")
            self.assertIn("e\\x1b[31mx\\u202e\\udcff.yml", done.stdout)

    def test_a_table_in_markdown_holds_texts_alone(self):
        told = _gate.Gated(
            "a|b`*_<img src=x>[c](https://d)\n| e", summary="![f](g) & www.h.i ~~j~~ \\"
        )
        *_, row = _gate.summary([told]).splitlines()

        self.assertEqual(len(_gate.summary([told]).splitlines()), 3)
        self.assertIn(r"a\|b\`\*\_\<img src=x\>\[c\](https:\//d)\\n\| e", row)
        self.assertIn(r"!\[f\](g) \& www\.h.i \~\~j\~\~ \\", row)

    def test_without_a_training_file_it_says_so(self):
        done = self.run_gate()
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("no file is given", done.stdout)
        done = self.run_gate("--", self.write("other.yml", "on: push\n"))
        self.assertEqual(done.returncode, 0)
        self.assertIn("no training file is among 1 given", done.stdout)

    def test_a_usage_error_is_one_line_and_exit_code_two(self):
        for arguments in (["--sari", "x"], ["--gpu"], ["--sarif"], ["--", "-\n"]):
            with self.subTest(arguments):
                done = self.run_gate(*arguments)
                self.assertEqual(done.returncode, 2)
                self.assertRegex(done.stdout + done.stderr, r"^[^\n]+\n$")

    def test_a_finding_is_of_the_line_and_column_of_its_key(self):
        self.write("a.yml", FINE.replace("lora_r: 8", "lora_r: 0"))
        (found,) = (it for it in _gate.gate("a.yml", "l4").findings if it.rule == "unusable")

        self.assertEqual((found.path, found.line, found.column), ("a.yml", 4, 1))
        self.assertTrue(found.message.startswith("lora.rank is 0, allowed: "), found.message)

    def test_an_error_tells_its_kind_apart_by_its_parts(self):
        for kind, passed in (("unknown_format", True), ("malformed", False)):
            error = vramcast.InputError("some words", kind=kind, place="a.yml")
            with mock.patch.object(_gate, "ask", side_effect=error):
                self.assertEqual(_gate.gate("a.yml", None) is None, passed)
        error = vramcast.InputError("some words", kind="no_training", place="a.yml:2:3, b")
        with mock.patch.object(_gate, "ask", side_effect=error):
            self.assertEqual(_gate.gate("a.yml", None).code, 0)

    def test_the_script_of_the_action_runs_as_it_stands(self):
        git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main"]
        there = {"HOME": os.environ["HOME"], "PATH": os.defpath + ":/usr/local/bin:/usr/bin:/bin"}

        def do(*command):
            subprocess.run(command, check=True, capture_output=True, env=there)

        do(*git, "init", "-q")
        self.write("old.yml", FINE)
        do(*git, "add", "-A")
        do(*git, "commit", "-qm", "one")
        self.write("train.yml", FINE.replace("micro_batch_size", "micro_batch_sise"))
        self.write("notes.md", "none")
        self.write("--summary=pwned.yml", "on: push\n")
        do(*git, "add", "-A")
        do(*git, "commit", "-qm", "two")
        # In place of a fresh environment, which a runner makes out of the published package.
        os.symlink(sys.prefix, "vramcast")
        done = subprocess.run(
            ["bash", str(ROOT / "dist/action/gate.sh")],
            env={**there, "RUNNER_TEMP": ".", "GPU": "rtx-4090", "GITHUB_STEP_SUMMARY": "sum.md"},
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip

        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("::warning file=train.yml,line=8,col=1,title=vramcast misspelt-key::",
                      done.stdout)
        self.assertNotIn("old.yml", done.stdout)
        self.assertFalse(Path("pwned.yml").exists())
        self.assertIn("| train.yml | fits |", Path("sum.md").read_text())
        self.assertEqual(json.loads(Path("vramcast.sarif").read_text())["version"], "2.1.0")

    def test_the_script_of_the_action_ends_where_git_cannot_tell_what_changed(self):
        git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main"]
        there = {"HOME": os.environ["HOME"], "PATH": os.defpath + ":/usr/local/bin:/usr/bin:/bin"}
        self.write("train.yml", FINE.replace("micro_batch_size", "micro_batch_sise"))
        for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "one"]):
            subprocess.run([*git, *arguments], check=True, capture_output=True, env=there)
        os.symlink(sys.prefix, "vramcast")

        def run(**more):
            return subprocess.run(
                ["bash", str(ROOT / "dist/action/gate.sh")], env={**there, "RUNNER_TEMP": ".", **more},
                capture_output=True, text=True, timeout=120,
            )  # fmt: skip

        for more in ({}, {"BASE": "1" * 40}, {"BASE": "nowhere"}):
            with self.subTest(more):
                done = run(**more)
                self.assertEqual(done.returncode, 2, done.stdout)
                self.assertIn("vramcast: git cannot tell what differs from", done.stderr)
        done = run(BASE="0" * 40)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("so all its files are looked at", done.stdout)
        self.assertIn("::warning file=train.yml,", done.stdout)

    def test_the_hook_and_the_package_have_one_version(self):
        text = (ROOT / "pyproject.toml").read_text()

        self.assertEqual(re.findall(r'(?:^version = "|vramcast==)([\d.]+)"', text, re.M),
                         [vramcast.__version__] * 2)


if __name__ == "__main__":
    unittest.main()
