"""What must not ship is found."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import check

ADVISORIES = [{"id": "GHSA-x", "package": "a:b", "introduced": "3.0.0", "fixed": "3.1.1"}]


def sbom(name, version, licence="MIT"):
    group, _, artifact = name.partition(":")
    component = {"group": group, "name": artifact, "version": version}
    return {"components": [{**component, "licenses": [{"license": {"id": licence}}]}]}


def found(bill):
    return list(check.complaints(bill, ADVISORIES))


class CheckTest(unittest.TestCase):
    def test_versions_from_the_first_up_to_the_mended_one_are_found(self):
        for version in ("3.0", "3.0.0", "3.1.0", "3.1.1-rc1"):
            self.assertIn("GHSA-x", "".join(found(sbom("a:b", version))), version)
        for version in ("2.9", "3.1.1", "3.1.10", "3.10", "4"):
            self.assertEqual([], found(sbom("a:b", version)), version)

    def test_another_package_of_that_version_is_not(self):
        self.assertEqual([], found(sbom("a:c", "3.0.0")))

    def test_a_licence_is_one_that_ships_or_there_is_another_choice(self):
        self.assertIn("GPL-3.0-only", found(sbom("a:c", "1", "GPL-3.0-only"))[0])
        both = sbom("a:c", "1", "LGPL-2.1-or-later")
        both["components"][0]["licenses"].append({"license": {"id": "Apache-2.0"}})
        self.assertEqual([], found(both))
        self.assertIn("unknown", found({"components": [{"name": "c", "version": "1"}]})[0])

    def test_a_file_that_is_no_bill_is_refused_in_a_line(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "x.json"
            path.write_text("no")
            run = subprocess.run(
                [sys.executable, check.__file__, str(path)], capture_output=True, text=True
            )
        self.assertEqual(2, run.returncode)
        self.assertEqual(1, len(run.stderr.splitlines()))

    def test_each_advisory_has_a_range(self):
        rows = json.loads((check.HERE / "advisories.json").read_text())["advisories"]
        for each in rows:
            self.assertLess(check.order(each["introduced"]), check.order(each["fixed"]), each)


if __name__ == "__main__":
    unittest.main()
