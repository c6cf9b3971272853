"""A live trainer that is one of two ranks, on the CPU."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

RANKS = Path(__file__).with_name("ranks.py")


class RanksTest(unittest.TestCase):
    def found(self, kind):
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder, "found.json")
            start = ["-W", "ignore", "-m", "torch.distributed.run", "--standalone"]
            start += ["--nproc-per-node", "2", str(RANKS), kind, str(out)]
            done = subprocess.run(
                [sys.executable, *start], capture_output=True, text=True, timeout=900
            )
            self.assertEqual(done.returncode, 0, done.stderr[-3000:])
            return json.loads(out.read_text())

    def every_byte(self, kind):
        found = self.found(kind)
        settings = {it["key"]: it["value"] for it in found["estimate"]["settings"]}
        alive = found["estimate"]["memory"]["alive"]
        told = {
            what: sum(it["bytes"] for it in alive if it["category"] == what)
            for what in ("weights", "optimizer")
        }
        self.assertEqual(told, {"weights": found["weights"], "optimizer": found["states"]})
        self.assertEqual(settings["hardware.count"], 2)
        return settings

    def test_copies_hold_every_byte_of_weights_and_optimizer(self):
        self.assertEqual(self.every_byte("ddp")["parallelism.strategy"], "ddp")

    def test_shards_hold_every_byte_of_weights_and_optimizer(self):
        settings = self.every_byte("fsdp2")
        self.assertEqual(settings["parallelism.strategy"], "fsdp2")
        self.assertEqual(settings["parallelism.shard"], 2)


if __name__ == "__main__":
    unittest.main()
