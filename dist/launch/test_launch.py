"""What schedulers run, as far as a machine without a cluster can run it."""

import subprocess
import tempfile
import unittest
from pathlib import Path

import lupa
import sky

HERE = Path(__file__).resolve().parent
SUCCESS, ERROR = 0, -1
FULL = (
    "base_model: meta-llama/Llama-3.1-8B\nsequence_len: 2048\nmicro_batch_size: 1\n"
    "gradient_accumulation_steps: 8\noptimizer: adamw_torch\nbf16: true\n"
)


class SlurmTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "train.yml").write_text(FULL)
        self.said = []
        lua = lupa.LuaRuntime()
        log = lua.eval("function(say) return function(f, ...) say(string.format(f, ...)) end end")
        lua.globals().slurm = lua.table_from(
            {"SUCCESS": SUCCESS, "ERROR": ERROR, "log_user": log(self.said.append)}
        )
        # Lua in a wheel has no popen; Slurm's has.
        lua.globals().io.popen = lambda command: self.popen(lua, command)
        self.assertEqual(lua.execute((HERE / "job_submit.lua").read_text()), SUCCESS)
        self.lua = lua

    @staticmethod
    def popen(lua, command):
        done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=120)
        return lua.table_from({"read": lambda *_: done.stdout, "close": lambda *_: True})

    def submit(self, comment):
        job = self.lua.table_from({"comment": comment, "work_dir": str(self.folder)})
        return self.lua.globals().slurm_job_submit(job, None, 0)

    def test_a_job_that_does_not_fit_is_refused_with_the_answer(self):
        self.assertEqual(self.submit("vramcast:train.yml,l4"), ERROR)
        self.assertIn("does not fit one L4", self.said[0])
        self.assertNotIn("exit 3", self.said[0])

    def test_a_job_that_fits_is_submitted(self):
        self.assertEqual(self.submit("vramcast:train.yml,b200"), SUCCESS)
        self.assertEqual(self.said, [])

    def test_what_cannot_be_answered_stops_no_job(self):
        for comment in (None, "night run", "vramcast:none.yml,l4", "vramcast:train.yml,l5"):
            with self.subTest(comment):
                self.assertEqual(self.submit(comment), SUCCESS)

    def test_a_comment_runs_no_command(self):
        self.assertEqual(self.submit("vramcast:train.yml,l4'; touch made; '"), SUCCESS)
        self.assertEqual(self.submit("vramcast:a'$(touch made)',l4"), SUCCESS)
        self.assertFalse((self.folder / "made").exists() or (HERE / "made").exists())


class SkyPilotTest(unittest.TestCase):
    def test_the_task_is_one_and_ends_in_setup_where_the_job_does_not_fit(self):
        task = sky.Task.from_yaml(str(HERE / "skypilot.yaml"))

        self.assertIn("vramcast fit", task.setup)
        with tempfile.TemporaryDirectory() as folder:
            for gpu, code in (("l4", 3), ("b200", 0)):
                Path(folder, "axolotl.yml").write_text(FULL)
                fit = task.setup.splitlines()[-1].replace("a100-80gb:4", gpu)
                done = subprocess.run(["sh", "-ec", fit], cwd=folder, capture_output=True)
                self.assertEqual(done.returncode != 0, code != 0, done.stderr)
