"""The command line in an environment without any Java but the packaged one."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request
from pathlib import Path

JOB = ["--model", "llama-3.1-8b", "--method", "qlora", "--gpu", "rtx-4090"]
SCRIPT = str(Path(sys.executable).with_name("vramcast"))


def run(*command, **more):
    return subprocess.run(command, capture_output=True, text=True, timeout=120, **more)


class CommandTest(unittest.TestCase):
    def test_no_other_java_is_there(self):
        self.assertIsNone(shutil.which("java"))
        self.assertNotIn("JAVA_HOME", os.environ)

    def test_the_script_answers_with_the_exit_code_of_the_verdict(self):
        answer = run(SCRIPT, "fit", *JOB)

        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertIn("QLoRA of llama-3.1-8b fits one RTX 4090", answer.stdout)
        self.assertEqual(run(SCRIPT, "fit", *JOB[:2], "--method", "full", *JOB[4:]).returncode, 3)

    def test_the_module_is_the_same_program(self):
        asked = ("fit", *JOB, "--format", "json")

        self.assertEqual(run(sys.executable, "-m", "vramcast", *asked).stdout,
                         run(SCRIPT, *asked).stdout)

    def test_bad_input_is_one_line_and_exit_code_two(self):
        answer = run(SCRIPT, "fitt")

        self.assertEqual(answer.returncode, 2)
        self.assertEqual(answer.stderr, "vramcast: unknown command 'fitt'. Did you mean 'fit'?\n")

    def test_a_java_that_is_none_is_one_line_and_exit_code_two(self):
        answer = run(SCRIPT, "--version", env={**os.environ, "VRAMCAST_JAVA": "/no/java"})

        self.assertEqual(answer.returncode, 2)
        self.assertEqual(
            answer.stderr,
            "vramcast: VRAMCAST_JAVA is '/no/java', which is no Java and no Java home\n",
        )

    def test_a_java_of_ones_own_is_taken(self):
        with tempfile.TemporaryDirectory() as folder:
            own = Path(folder) / "java"
            own.write_text('#!/bin/sh\necho "$@"\n')
            own.chmod(0o755)
            answer = run(SCRIPT, "--version", env={**os.environ, "VRAMCAST_JAVA": str(own)})

        self.assertEqual(answer.returncode, 0)
        self.assertIn("dev.vramcast.cli.Vramcast --version", answer.stdout)

    def test_assistants_are_answered(self):
        ping = '{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n'

        answer = run(SCRIPT, "mcp", input=ping)

        self.assertEqual(answer.stdout, '{"jsonrpc":"2.0","id":1,"result":{}}\n')

    def test_the_page_is_served_where_the_build_has_it(self):
        with subprocess.Popen(
            [SCRIPT, "serve", "--port", "0"], stdout=subprocess.PIPE, text=True
        ) as server:
            try:
                address = server.stdout.readline().split()[-1]
                with urllib.request.urlopen(address, timeout=60) as answer:
                    page = answer.read().decode()
            finally:
                server.terminate()
        built = Path("../../web/target/vramcast-web.jar").is_file()
        self.assertEqual("<title>Vramcast</title>" in page, built)

    def test_a_home_that_cannot_be_written_does_no_harm(self):
        answer = run(SCRIPT, "--version", env={"HOME": "/proc/none", "PATH": os.environ["PATH"]})

        self.assertEqual(answer.returncode, 0, answer.stderr)
        self.assertRegex(answer.stdout, r"^vramcast \d+\.\d+\.\d+\n$")

    def test_the_archive_is_made_beside_the_first_answer_and_used(self):
        with tempfile.TemporaryDirectory() as folder:
            there = {**os.environ, "XDG_CACHE_HOME": folder}
            run(SCRIPT, "--version", env=there)
            end = time.monotonic() + 240
            while not list(Path(folder).glob("vramcast/*.jsa")) and time.monotonic() < end:
                time.sleep(0.2)
            code = (
                "import vramcast._java as it; java = it.java();"
                "print(it.start_options(java)[0]); print(it.archive(java))"
            )
            first, archive = run(sys.executable, "-c", code, env=there).stdout.split("\n")[:2]

            self.assertEqual(first, f"-XX:SharedArchiveFile={archive}")
            self.assertEqual([str(it) for it in Path(folder).glob("vramcast/*.jsa")], [archive])
            self.assertEqual(run(SCRIPT, "fit", *JOB, env=there).returncode, 0)


if __name__ == "__main__":
    unittest.main()
