"""What is within an archive is in its bill, the Java too."""

import json
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import bills
import check

RELEASE = 'JAVA_VERSION="17.0.15"\nIMPLEMENTOR="Somebody"\nMODULES="java.base jdk.net"\n'


def component(name, number):
    purl = f"pkg:maven/{name}@{number}"
    return {"name": name, "version": number, "purl": purl, "licenses": [{"license": {"id": "MIT"}}]}


class BillsTest(unittest.TestCase):
    def told(self, jars):
        known = {
            "cli": [component("picocli", "1"), component("both", "2")],
            "server": [component("javalin", "3"), component("both", "2")],
        }
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            (folder / "lib/runtime").mkdir(parents=True)
            (folder / "lib/runtime/release").write_text(RELEASE)
            for jar in jars:
                (folder / "lib" / jar).write_text("")
            with mock.patch.object(
                bills, "of_jar", lambda module: {"components": known[module]}
            ), mock.patch.object(bills, "page", lambda: {"components": [component("chart", "4")]}):
                self.assertEqual(bills.main(["image", place, str(folder / "out")]), 0)
            return json.loads((folder / "out").read_text())

    def test_an_archive_has_what_is_in_its_jars_once_and_its_java(self):
        told = self.told(bills.JARS.values())

        names = [it["name"] for it in told["components"]]
        self.assertEqual(names, ["both", "chart", "javalin", "picocli", "openjdk"])
        found = told["components"][-1]
        self.assertEqual((found["version"], found["supplier"]["name"]), ("17.0.15", "Somebody"))
        self.assertEqual([it["name"] for it in found["components"]], ["java.base", "jdk.net"])
        self.assertEqual(told["metadata"]["component"]["version"], bills.version())
        self.assertEqual(list(check.complaints(told, [])), [])

    def test_a_page_that_is_not_there_is_not_in_it(self):
        told = self.told(["vramcast.jar", "vramcast-server.jar"])

        self.assertNotIn("chart", [it["name"] for it in told["components"]])

    def test_the_page_has_what_its_bundle_is_made_of(self):
        names = {it["name"] for it in bills.page()["components"]}

        self.assertIn("chart.js", names)
        self.assertNotIn("vite", names)


if __name__ == "__main__":
    unittest.main()
