"""What changed is shown, and nothing else."""

import json
import unittest

import changes


def lock(**packages):
    return json.dumps({"packages": {"": {"version": "1"}, **packages}})


class ChangesTest(unittest.TestCase):
    def test_properties_of_maven_are_told_by_name(self):
        old = changes.versions("pom.xml", "<a.version>1.0</a.version><b.version>2</b.version>")
        new = changes.versions("pom.xml", "<a.version>1.1</a.version><b.version>2</b.version>")
        self.assertEqual(["a: 1.0 -> 1.1"], list(changes.changes(old, new)))

    def test_packages_that_came_and_went_are_told_too(self):
        old = changes.versions("package-lock.json", lock(**{"node_modules/x": {"version": "1.2.3"}}))
        new = changes.versions("package-lock.json", lock(**{"node_modules/y": {"version": "4.0.0"}}))
        self.assertEqual(
            ["node_modules/x: 1.2.3 -> -", "node_modules/y: - -> 4.0.0"],
            list(changes.changes(old, new)),
        )


if __name__ == "__main__":
    unittest.main()
