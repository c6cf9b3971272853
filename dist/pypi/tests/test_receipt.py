"""Receipts of records: nothing private, and the same estimate."""

import contextlib
import io
import json
import tempfile
import unittest
from pathlib import Path

import vramcast
from vramcast._receipt import _config, main, receipt

ROOT = Path(__file__).resolve().parents[3]
MODELS = ROOT / "catalog/src/main/resources/dev/vramcast/catalog/models"
LLAMA = {
    "model_type": "llama", "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 3,
    "num_attention_heads": 4, "num_key_value_heads": 2, "vocab_size": 512, "hidden_act": "silu",
    "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0},
}  # fmt: skip


def record(config=None, **job):
    model = {"config": {**LLAMA, **(config or {})}, "dtype": "bf16"}
    own = {"vramcast_version": "0.2.0", "job": {"model": model, "method": "full", **job}}
    return {"allocated_bytes.all.peak": 123456789, "vramcast": own}


def kept(config):
    return receipt(record(config))["job"]["model"]["config"]


class ReceiptTest(unittest.TestCase):
    def test_of_a_config_only_what_readers_know_is_kept(self):
        private = {
            "id2label": {"0": "AcmeFraudSuspect", "1": "AcmeHonest", "2": "AcmeUnsure"},
            "label2id": {"/home/alice/x": 1},
            "finetuning_task": "acme-fraud",
            "owner": "alice",
            "architectures": ["AcmeFraudForSequenceClassification"],
            "_name_or_path": "/home/alice/acme",
            "acme_score": 7,
            "hidden_act": "acme_act",
            "rope_parameters": {"rope_type": "acme", "rope_theta": 5.0, "/home/alice": 1},
            "text_config": {"owner": "alice", "hidden_size": 64, "inner": {"alice": 3}},
            "layer_types": ["full_attention", "full_attention", "alices_attention"],
        }
        told = kept(private)

        self.assertNotRegex(json.dumps(receipt(record(private))).lower(), "acme|alice|home")
        self.assertEqual(told["num_labels"], 3)
        self.assertEqual(told["architectures"], ["ForSequenceClassification"])
        self.assertEqual(told["rope_parameters"], {"rope_theta": 5.0})
        self.assertEqual(told["text_config"], {"hidden_size": 64})
        self.assertEqual(told["vocab_size"], 512)
        self.assertEqual(kept({"architectures": ["AcmeFraudNet"]})["architectures"], ["Other"])
        self.assertEqual(kept({"id2label": {"0": "a"}, "num_labels": 9})["num_labels"], 9)

    def test_a_key_with_a_name_of_ones_own_is_refused_with_its_field(self):
        cases = [
            ("lora.targets", {"lora": {"targets": ["q_proj", "acme_proj"]}}),
            ("lora.modules_to_save", {"lora": {"modules_to_save": ["/home/alice"]}}),
            ("framework.name", {"framework": {"name": "alices-trainer"}}),
            ("objective.teacher", {"objective": {"teacher": "acme/secret"}}),
        ]
        for field, more in cases:
            with self.subTest(field), self.assertRaises(vramcast.InputError) as refused:
                receipt(record(**more))
            self.assertEqual(refused.exception.field, field)
            self.assertNotRegex(str(refused.exception), "acme|alice")

        job = receipt(record(
            lora={"targets": ["q_proj", "v_proj"]}, hardware={"gpu": "../alice"},
            framework={"name": "trl", "torch": "2.9.0+acme", "date": "2026-01"},
        ))["job"]  # fmt: skip
        self.assertEqual(job["lora"]["targets"], ["q_proj", "v_proj"])
        self.assertEqual(job["framework"], {"name": "trl", "torch": "2.9.0", "date": "2026-01"})
        self.assertNotIn("hardware", job)

    def test_every_model_type_has_the_estimate_of_its_whole_config(self):
        configs = {
            it["config"]["model_type"]: it["config"]
            for path in sorted(MODELS.glob("*.json"))
            for it in json.loads(path.read_text())["models"]
        }
        self.assertGreater(len(configs), 50)

        def told(config):
            document = {"model": {"config": config}, "method": "lora"}
            try:
                answer = vramcast.estimate(document, offline=True).to_dict()
                return answer.get("memory"), answer.get("reason")
            except vramcast.InputError as e:
                if e.field != "objective.completion_length":
                    return str(e)
                # A model of pairs of texts wants the length of the second.
                document["objective"] = {"completion_length": 128}
                return vramcast.estimate(document, offline=True).to_dict()["memory"]

        for name, config in configs.items():
            with self.subTest(name):
                self.assertEqual(told(_config(config)), told(config))

    def test_what_is_no_record_is_one_line_and_exit_code_two(self):
        texts = {
            "deep": "[" * 200_000,
            "deep and whole": json.dumps(record()).replace('"full"', "[" * 500 + "]" * 500),
            "a number without end": '{"allocated_bytes.all.peak": ' + "9" * 5000 + "}",
            "a list": "[]",
            "a text": "\udcff\x00",
        }
        for name, text in texts.items():
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "r.json"
                path.write_bytes(text.encode(errors="surrogateescape"))
                said = io.StringIO()
                with contextlib.redirect_stderr(said):
                    self.assertEqual(main([str(path)]), 2)
                self.assertRegex(said.getvalue(), r"^vramcast: [^\n]+\n$")

    def test_a_usage_error_is_one_line_and_exit_code_two(self):
        for arguments in ([], ["--kind"], ["--kid", "x", "r.json"]):
            with self.subTest(arguments):
                said = io.StringIO()
                with contextlib.redirect_stderr(said):
                    self.assertEqual(main(arguments), 2)
                self.assertRegex(said.getvalue(), r"^vramcast: [^\n]+\n$")


if __name__ == "__main__":
    unittest.main()
