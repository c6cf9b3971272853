"""Live trainers of Transformers, TRL and PEFT, with tiny models, on the CPU."""

import io
import json
import os
import tempfile
import unittest
from pathlib import Path

os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", TOKENIZERS_PARALLELISM="false")

import torch
from datasets import Dataset
from peft import LoraConfig, TaskType, get_peft_model
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    LlamaForSequenceClassification,
    PreTrainedTokenizerFast,
    Trainer,
    TrainingArguments,
)
from trl import DPOConfig, DPOTrainer, SFTConfig, SFTTrainer

import vramcast
from trainers import alone
from vramcast._receipt import receipt

def config(**more):
    return LlamaConfig(**{**SHAPE, **more})


SHAPE = dict(
    hidden_size=64, intermediate_size=128, num_hidden_layers=3, num_attention_heads=4,
    num_key_value_heads=2, vocab_size=512, max_position_embeddings=256,
)  # fmt: skip
LENGTHS = (16, 32, 64, 48)
BLOCK = 512


def rows():
    ids = [[1 + n % 7] * n for n in LENGTHS]
    return Dataset.from_dict({"input_ids": ids, "labels": ids})


def collated(examples):
    longest = max(len(it["input_ids"]) for it in examples)
    padded = [it["input_ids"] + [0] * (longest - len(it["input_ids"])) for it in examples]
    ids = torch.tensor(padded)
    return {"input_ids": ids, "attention_mask": (ids > 0).long(), "labels": ids}


def tokenizer():
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    words = {"<pad>": 0, "<eos>": 1, "<unk>": 2, "a": 3}
    made = Tokenizer(WordLevel(words, unk_token="<unk>"))
    made.pre_tokenizer = Whitespace()
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        pad_token="<pad>", eos_token="<eos>", unk_token="<unk>",
    )  # fmt: skip


def adapted(model, **more):
    lora = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"], **more)
    return get_peft_model(model, lora)


def blocks(tensors):
    """Bytes of tensors as PyTorch's caching allocator rounds them up."""
    return sum(-(-it.numel() * it.element_size() // BLOCK) * BLOCK for it in tensors)


class CheckTest(unittest.TestCase):
    def setUp(self):
        alone(self)
        torch.manual_seed(1)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def arguments(self, kind=TrainingArguments, **more):
        return kind(
            output_dir=self.folder, use_cpu=True, report_to=[], per_device_train_batch_size=2,
            logging_strategy="no", save_strategy="no", disable_tqdm=True, **more,
        )  # fmt: skip

    def trainer(self, model=None, **more):
        return Trainer(
            model=model if model is not None else LlamaForCausalLM(config()),
            args=self.arguments(**more), train_dataset=rows(), data_collator=collated,
        )  # fmt: skip

    def test_every_byte_of_weights_and_optimizer_is_that_of_the_objects(self):
        trainer = self.trainer(bf16=False)
        breakdown = vramcast.check(trainer, gpu="l4").estimate.memory.breakdown_bytes
        trainer.train()
        states = [
            it for state in trainer.optimizer.state.values() for it in state.values()
            if torch.is_tensor(it) and it.numel() > 1
        ]  # fmt: skip

        self.assertEqual(breakdown["weights"], blocks(trainer.model.parameters()))
        # AdamW's counters of steps are a tensor each beside its two moments.
        self.assertEqual(len(states), 2 * len(list(trainer.model.parameters())))
        counters = len(list(trainer.model.parameters())) * BLOCK
        self.assertIn(breakdown["optimizer"] - blocks(states), (0, counters))

    def test_every_byte_of_adapters_is_that_of_the_objects(self):
        for more in ({}, {"use_rslora": True}):
            with self.subTest(more):
                model = adapted(LlamaForCausalLM(config()), **more)
                answers = vramcast.check(self.trainer(model), gpu="l4")
                trained = [it for it in model.parameters() if it.requires_grad]

                self.assertEqual(answers.estimate.memory.breakdown_bytes["adapters"], blocks(trained))
                self.assertEqual(answers.estimate.job["lora"]["rank"], 8)

    def test_the_answer_is_that_of_a_document_that_says_the_same(self):
        model = adapted(LlamaForCausalLM(config()).to(torch.bfloat16))
        trainer = self.trainer(model, bf16=True, gradient_checkpointing=True,
                               gradient_accumulation_steps=2, optim="adamw_torch_fused")
        live = vramcast.check(trainer, gpu="l4").estimate
        # What the release takes for a kind that nobody names, which is what training does.
        trainer.model.gradient_checkpointing_enable()
        layer = model.get_base_model().model.layers[0]
        reentrant = layer._gradient_checkpointing_func.keywords["use_reentrant"]
        document = {
            "model": {"config": config().to_dict(), "dtype": "bf16"},
            "method": "lora",
            "lora": {"rank": 8, "alpha": 16, "targets": ["q_proj", "v_proj"],
                     "dtype": live.job["lora"]["dtype"]},
            "precision": "bf16-mixed",
            "optimizer": {"name": "adamw", "implementation": "fused"},
            "batch": {"micro_batch": 2, "grad_accum": 2, "sequence_length": 64,
                      "padding": "padded"},
            "checkpointing": "full", "checkpointing_reentrant": reentrant,
            "framework": live.job["framework"], "hardware": {"gpu": "l4"},
        }  # fmt: skip
        said = vramcast.estimate(document)

        self.assertEqual(live.memory, said.memory)

    def test_what_arguments_leave_open_is_what_accelerate_was_launched_with(self):
        os.environ["ACCELERATE_MIXED_PRECISION"] = "bf16"
        trainer = self.trainer()

        self.assertEqual(trainer.accelerator.mixed_precision, "bf16")
        for job in (
            vramcast.job_of(trainer),
            vramcast.job_of(trainer.args, model=trainer.model, train_dataset=rows()),
        ):
            self.assertEqual(job.ask("estimate", offline=True).job["precision"], "bf16-mixed")

    def test_checkpoints_that_the_model_has_itself_are_kept(self):
        model = LlamaForCausalLM(config())
        model.gradient_checkpointing_enable({"use_reentrant": False})

        job = vramcast.check(self.trainer(model), gpu="l4").estimate.job

        self.assertEqual((job["checkpointing"], job["checkpointing_reentrant"]), ("full", False))

    def test_a_trainer_of_trl_says_its_stage_and_its_lengths(self):
        texts = Dataset.from_dict({"text": ["a " * n for n in LENGTHS]})
        for packing in (False, True):
            with self.subTest(packing=packing):
                trainer = SFTTrainer(
                    model=LlamaForCausalLM(config()),
                    args=self.arguments(SFTConfig, max_length=40, packing=packing, bf16=False),
                    train_dataset=texts, processing_class=tokenizer(),
                    peft_config=LoraConfig(r=4, task_type=TaskType.CAUSAL_LM),
                )  # fmt: skip
                job = vramcast.check(trainer, gpu="l4").estimate.job

                self.assertEqual(job["framework"]["name"], "trl")
                self.assertEqual(job["batch"]["sequence_length"], 40)
                self.assertEqual(job["lora"]["rank"], 4)
                self.assertEqual(sorted(job["lora"]["targets"]), ["q_proj", "v_proj"])

    def test_preferences_are_held_against_a_reference(self):
        pairs = Dataset.from_dict({
            "prompt": ["a " * 8] * 4, "chosen": ["a " * 8] * 4, "rejected": ["a " * 4] * 4,
        })  # fmt: skip
        for adapters, own, reference in (
            (None, LlamaForCausalLM(config()), "copy"),
            (LoraConfig(r=4), None, None),
        ):
            with self.subTest(reference):
                trainer = DPOTrainer(
                    model=LlamaForCausalLM(config()), ref_model=own, train_dataset=pairs,
                    args=self.arguments(DPOConfig, max_length=32, bf16=False),
                    processing_class=tokenizer(), peft_config=adapters,
                )  # fmt: skip
                job = vramcast.check(trainer, gpu="l4").estimate.job

                self.assertEqual(job["objective"]["stage"], "dpo")
                self.assertEqual(job["objective"].get("reference"), reference)
                self.assertEqual(job["batch"]["sequence_length"], 32)

    def test_a_classifier_has_its_labels(self):
        classifier = LlamaForSequenceClassification(config(num_labels=5, pad_token_id=0))
        trainer = self.trainer(classifier)

        document = vramcast.job_of(trainer, gpu="l4").document

        self.assertEqual(document["objective"], {"stage": "classification", "labels": 5})

    def test_arguments_with_a_model_and_adapters_to_come_are_enough(self):
        lora = LoraConfig(r=16, target_modules="all-linear")

        answers = vramcast.check(
            self.arguments(), model=LlamaForCausalLM(config()), peft_config=lora,
            train_dataset=rows(), gpu="l4",
        )  # fmt: skip

        self.assertEqual(answers.estimate.job["lora"]["rank"], 16)
        self.assertEqual(answers.verdict, "fits")

    def test_what_does_not_fit_is_raised_before_the_first_step(self):
        large = config(
            hidden_size=8192, intermediate_size=28672, num_hidden_layers=80,
            num_attention_heads=64, num_key_value_heads=8, vocab_size=128256,
        )  # fmt: skip
        with torch.device("meta"):
            model = LlamaForCausalLM(large)

        with self.assertRaises(vramcast.DoesNotFitError) as refused:
            vramcast.check(self.arguments(), model=model, train_dataset=rows(), gpu="l4")

        self.assertEqual(refused.exception.report.verdict, "does_not_fit")
        answers = vramcast.check(
            self.arguments(), model=model, train_dataset=rows(), gpu="l4", refuse=False
        )
        self.assertEqual(answers.verdict, "does_not_fit")

    def test_objects_of_other_classes_are_refused_with_field_and_class(self):
        cases = [
            (lambda: vramcast.check(7), "trainer", "int"),
            (lambda: vramcast.check(object()), "trainer", "object"),
            (lambda: vramcast.check(self.arguments()), "model", "NoneType"),
            (lambda: vramcast.check(self.arguments(), model=torch.nn.Linear(2, 2)), "model", "Linear"),
        ]  # fmt: skip
        for call, field, given in cases:
            with self.subTest(given), self.assertRaises(vramcast.InputError) as refused:
                call()
            self.assertEqual((refused.exception.field, refused.exception.given), (field, given))
            self.assertTrue(refused.exception.hint)
            self.assertTrue(refused.exception.allowed)

    def test_the_class_that_was_probably_meant_is_named(self):
        class DpoTrainer:
            pass

        with self.assertRaises(vramcast.InputError) as refused:
            vramcast.check(DpoTrainer())

        self.assertEqual(refused.exception.nearest, "DPOTrainer")

    def test_adapters_in_some_layers_are_refused(self):
        model = adapted(LlamaForCausalLM(config()), layers_to_transform=[0, 1])

        with self.assertRaisesRegex(vramcast.InputError, "in 2 of 3 layers"):
            vramcast.check(self.trainer(model), gpu="l4")

    def test_the_callback_prints_compares_and_writes_a_record(self):
        out, record = io.StringIO(), Path(self.folder) / "run.json"
        trainer = self.trainer(max_steps=4)
        callback = vramcast.VramcastCallback(trainer, gpu="l4", steps=2, record=record, out=out)
        trainer.add_callback(callback)
        trainer.train()

        told = json.loads(record.read_text())["vramcast"]
        self.assertIn("fits one L4", out.getvalue())
        self.assertIn("PyTorch sees no GPU here", out.getvalue())
        self.assertGreater(told["measured"]["seconds_per_step"], 0)
        self.assertEqual(told["estimated"]["allocated_bytes"],
                         callback.answers.estimate.memory.allocated_bytes)

    def test_a_run_that_cannot_be_estimated_goes_on(self):
        out = io.StringIO()
        model = adapted(LlamaForCausalLM(config()), layers_to_transform=[0, 1])
        trainer = self.trainer(model, max_steps=2)
        trainer.add_callback(vramcast.VramcastCallback(gpu="l4", record=None, out=out))

        self.assertEqual(trainer.train().global_step, 2)
        self.assertIn("no estimate: lora.targets", out.getvalue())

    def test_a_receipt_is_a_case_with_nothing_private(self):
        record = Path(self.folder) / "run.json"
        model = LlamaForCausalLM(config())
        model.config._name_or_path = "/home/somebody/secret-model"
        trainer = self.trainer(model, max_steps=3, run_name="secret-run")
        trainer.add_callback(vramcast.VramcastCallback(
            trainer, gpu="l4", steps=2, record=record, out=io.StringIO()))
        trainer.train()
        # What a card would have measured.
        told = {**json.loads(record.read_text()), "allocated_bytes.all.peak": 123456789}
        case = receipt(told)

        self.assertEqual(case["measured"]["peak_bytes"], 123456789)
        self.assertNotRegex(json.dumps(case), r"secret|somebody|/|\\\\")
        live = vramcast.check(trainer, gpu="l4").estimate.memory
        self.assertEqual(vramcast.estimate(case["job"]).memory, live)
        with self.assertRaisesRegex(vramcast.InputError, "saw no GPU"):
            receipt(json.loads(record.read_text()))


if __name__ == "__main__":
    unittest.main()
