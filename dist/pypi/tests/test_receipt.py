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
GPUS = MODELS.parent / "gpus"
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
            ("batch.micro_batch", {"batch": {"micro_batch": "192.168.12.7"}}),
            ("framework.torch", {"framework": {"torch": "192.168.12.7"}}),
            ("objective.teacher", {"objective": {"teacher": "acme/secret"}}),
        ]
        for field, more in cases:
            with self.subTest(field), self.assertRaises(vramcast.InputError) as refused:
                receipt(record(**more))
            self.assertEqual(refused.exception.field, field)
            self.assertEqual(refused.exception.kind, "not_allowed")
            self.assertNotRegex(str(refused.exception), "acme|alice")
        types = ["full_attention", "full_attention", "alices_attention"]
        with self.assertRaises(vramcast.InputError) as refused:
            receipt(record({"layer_types": types}))
        self.assertEqual(refused.exception.field, "model.config.layer_types")
        self.assertNotIn("alice", str(refused.exception))

        skipped = {"modules_to_not_convert": ["lm_head", "model.layers.0.mlp.gate"]}
        self.assertEqual(kept({"quantization_config": skipped})["quantization_config"], skipped)

        job = receipt(record(
            lora={"targets": ["q_proj", "v_proj"]}, hardware={"gpu": "../alice"},
            framework={"name": "trl", "torch": "2.9.0+acme", "date": "2026-01"},
        ))["job"]  # fmt: skip
        self.assertEqual(job["lora"]["targets"], ["q_proj", "v_proj"])
        self.assertEqual(job["framework"], {"name": "trl", "torch": "2.9.0", "date": "2026-01"})
        self.assertNotIn("hardware", job)

    def test_of_a_card_only_a_name_of_the_catalogue_is_kept(self):
        def told(gpu, card=None):
            it = record(hardware={"gpu": gpu})
            it["vramcast"]["measured"] = {"card": card}
            return receipt(it)["job"].get("hardware", {}).get("gpu")

        public = [
            "L4", "NVIDIA L4", "NVIDIA GeForce RTX 4090", "NVIDIA H100 80GB HBM3", "H100:8",
            "NVIDIA A100-SXM4-40GB", "rtx4090", "8xH100", "NVIDIA RTX A6000", "Tesla T4",
            "NVIDIA RTX 6000 Ada Generation", "AMD Instinct MI300X", "Quadro RTX 6000", "a100 80 GB",
            "NVIDIA GeForce RTX 4070 Ti SUPER", "NVIDIA H100 NVL", "Tesla V100-SXM2-16GB",
            "NVIDIA RTX PRO 6000 Blackwell Server Edition", "NVIDIA GeForce RTX 3080 Laptop GPU",
        ]  # fmt: skip
        private = [
            "ACME internal box 10.0.0.1", "L4 of alice", "alice", "A100 at 10.0.0.1", "../alice",
            "2.3.2.3", "gpu", "",
        ]  # fmt: skip
        for gpu in public:
            self.assertEqual(told(gpu), gpu)
            self.assertEqual(told(" Local:2", gpu), gpu)
        for gpu in private:
            self.assertIsNone(told(gpu), gpu)
            self.assertIsNone(told("local", gpu), gpu)
        for row in (GPUS / "gpus.tsv").read_text().splitlines()[1:]:
            self.assertIsNotNone(told(name := row.split("\t")[0]), name)

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
