"""The wheel through the tools that people start programs with: uvx and pipx, without a Java."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "target"
(WHEEL,) = (TARGET / "wheels").glob("vramcast-*-py3-none-any.whl")
TOOLS = Path(sys.executable).parent
JOB = ["--model", "llama-3.1-8b", "--method", "qlora", "--gpu", "rtx-4090"]
PING = '{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n'


class ToolsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = Path(folder.name)
        programs = self.home / "programs"
        programs.mkdir()
        # The scripts that the tools write ask for these, and find nothing else.
        for name in ("sh", "realpath", "dirname", "readlink"):
            (programs / name).symlink_to(shutil.which(name))
        kept = {name: value for name, value in os.environ.items()
                if name.startswith(("PIP_", "UV_", "SSL_", "HTTP", "http", "NO_PROXY"))}  # fmt: skip
        self.environment = {
            **kept,
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "PATH": f"{TOOLS}:{programs}",
            "PIP_CACHE_DIR": str(TARGET / "tools" / "cache-pip"),
            "UV_CACHE_DIR": str(TARGET / "tools" / "cache-uv"),
            "UV_PYTHON": sys.executable,
            "UV_PYTHON_DOWNLOADS": "never",
        }

    def run_it(self, *command, **more):
        return subprocess.run(command, capture_output=True, text=True, timeout=300,
                              env=self.environment, **more)  # fmt: skip

    def test_no_java_is_on_the_path(self):
        self.assertIsNone(shutil.which("java", path=self.environment["PATH"]))

    def test_uvx_answers(self):
        answer = self.run_it("uvx", "--from", str(WHEEL), "vramcast", "fit", *JOB)

        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertIn("QLoRA of llama-3.1-8b fits one RTX 4090", answer.stdout)

    def test_uvx_starts_the_server_of_assistants(self):
        answer = self.run_it("uvx", "--from", str(WHEEL), "vramcast", "mcp", input=PING)

        self.assertEqual(answer.stdout, '{"jsonrpc":"2.0","id":1,"result":{}}\n', answer.stderr)

    def test_pipx_runs_it_once(self):
        answer = self.run_it("pipx", "run", "--spec", str(WHEEL), "vramcast", "fit", *JOB)

        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertIn("QLoRA of llama-3.1-8b fits one RTX 4090", answer.stdout)

    def test_what_pipx_installs_is_a_command_that_refuses_in_one_line(self):
        installed = self.run_it("pipx", "install", str(WHEEL))
        answer = self.run_it(str(self.home / ".local" / "bin" / "vramcast"), "fitt")

        self.assertEqual(installed.returncode, 0, installed.stderr)
        self.assertEqual(answer.returncode, 2)
        self.assertEqual(answer.stderr, "vramcast: unknown command 'fitt'. Did you mean 'fit'?\n")


if __name__ == "__main__":
    unittest.main()
