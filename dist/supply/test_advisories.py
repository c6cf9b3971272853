import json
import tempfile
import unittest
import zipfile
from pathlib import Path

import advisories
from check import HERE


def osv(name="g:a", ecosystem="Maven", events=(), **more):
    affected = {
        "package": {"ecosystem": ecosystem, "name": name},
        "ranges": [{"type": "ECOSYSTEM", "events": list(events)}],
    }
    return {"id": "GHSA-1", "affected": [affected], **more}


def read(advisory, packages=("g:a",)):
    found = advisories.entries(json.dumps(advisory).encode(), set(packages))
    return [(it["introduced"], it["fixed"]) for it in found]


class AdvisoriesTest(unittest.TestCase):
    def test_ranges_are_those_of_the_events(self):
        events = [
            {"introduced": "0"}, {"fixed": "1.2"},
            {"introduced": "2.0"}, {"last_affected": "2.3"},
            {"introduced": "3.0"},
        ]  # fmt: skip

        expected = [("0", "1.2"), ("2.0", "2.3.1"), ("3.0", advisories.ENDLESS)]
        self.assertEqual(read(osv(events=events)), expected)

    def test_what_does_not_ship_or_was_withdrawn_is_left_out(self):
        events = [{"introduced": "0"}]
        self.assertEqual(read(osv(name="g:b", events=events)), [])
        self.assertEqual(read(osv(ecosystem="PyPI", events=events)), [])
        self.assertEqual(read(osv(events=events, withdrawn="2026-01-01T00:00:00Z")), [])
        self.assertEqual(list(advisories.entries(b"no json", {"g:a"})), [])

    def test_a_folder_and_a_zip_are_read_alike(self):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place, "advisories", "2026", "01")
            folder.mkdir(parents=True)
            (folder / "GHSA-1.json").write_text(json.dumps(osv()))
            (folder / "README.md").write_text("no advisory")
            packed = Path(place, "all.zip")
            with zipfile.ZipFile(packed, "w") as archive:
                archive.write(folder / "GHSA-1.json", "GHSA-1.json")

            self.assertEqual(
                list(advisories.texts(Path(place, "advisories"))), list(advisories.texts(packed))
            )

    def test_what_the_snapshot_does_not_have_stays(self):
        old = {"id": "GHSA-1", "package": "g:a", "introduced": "1", "fixed": "2"}
        own = {"id": "release notes", "package": "g:a", "introduced": "1", "fixed": "3"}
        new = {**old, "fixed": "2.1"}

        self.assertEqual(advisories.merged([old, own], [new, dict(new)]), [new, own])

    def test_the_kept_file_is_written_as_it_stands(self):
        kept = (HERE / "advisories.json").read_text()
        document = json.loads(kept)

        self.assertEqual(advisories.text(document, document["advisories"]), kept)


if __name__ == "__main__":
    unittest.main()
