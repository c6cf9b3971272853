"""Which files below a folder are training files, and of which framework, by rules of their own."""

import ast
import json
import os
import re
import shlex
import tomllib
from dataclasses import dataclass
from pathlib import Path

import yaml

LARGEST = 4 << 20

# Folders that hold no files which somebody trains by.
SKIPPED = re.compile(
    r"(^|/)(\.git|\.github|node_modules|tests?|test_\w+|unit_tests|functional_tests|site-packages)/"
)


@dataclass(frozen=True)
class Found:
    """A training file.

    path: where it lies; folder: of the file that it was cut out of, or its own; framework: whose
    it is; kind: yaml, toml, task, script, command, program or notebook; source: that file, below the folder
    that was searched.
    """

    path: Path
    folder: Path
    framework: str
    kind: str
    source: str


# What a command trains with, by the words that start it.
COMMANDS = [
    ("ms-swift", r"(^|/|\s)(swift|megatron)\s+(sft|pt|rlhf)\b"),
    ("ms-swift", r"swift/cli/(sft|pt|rlhf|_megatron/\w+)\.py|-m swift\.cli\.(sft|pt|rlhf)"),
    ("llama-factory", r"(^|/|\s)(llamafactory-cli|lmf)\s+train\b"),
    ("llama-factory", r"(^|/|\s)(src/)?train(_bash)?\.py\s.*--stage\s"),
    ("axolotl", r"(^|/|\s)axolotl\s+train\b|axolotl\.cli\.train\b"),
    ("torchtune", r"(^|/|\s)tune\s+run\b.*\b(lora|full|qat|knowledge_distillation)\w*"),
    ("litgpt", r"(^|/|\s)litgpt\s+(finetune\w*|pretrain)\b"),
    ("trl", r"(^|/|\s)trl\s+(sft|dpo|kto|grpo|rloo|reward|orpo|cpo|online_dpo|gkd)\b"),
    ("trl", r"(trl/scripts|examples/scripts)/\S*\b(sft|dpo|kto|grpo|rloo|reward|orpo|cpo|gkd|ppo|"
            r"bco|xpo|online_dpo|nash_md|prm|minillm|gold|distillation)\w*\.py"),
    ("alignment-handbook", r"(^|/|\s)scripts/(sft|dpo|orpo)\.py.*recipes/"),
    ("verl", r"-m\s+\w*verl\.trainer\.(main_\w+|\w*sft_trainer\w*)\b|verl/trainer/(main_\w+|\w*sft_trainer\w*)\.py"),
    ("openrlhf", r"openrlhf\.cli\.train_\w+|openrlhf/cli/train_\w+\.py"),
    ("open-instruct", r"open_instruct/(finetune|dpo_tune\w*|dpo|grpo\w*|ppo\w*|reward_modeling)\.py"),
    ("open-r1", r"open_r1/(sft|grpo)\.py"),
    ("nemo-rl", r"examples/run_(sft|dpo|grpo\w*|rm|vlm_grpo|distillation)\.py"),
    ("prime-rl", r"(^|/|\s)uv run (rl|sft)\s+@|-m prime_rl\.(rl|sft)\b"),
    ("megatron-lm", r"(^|/|\s|\"|\')pretrain_gpt\.py[\"\']?\s+[-$]"),
    ("transformers", r"run_(clm|mlm|sft|fim)(?!\w*(flax|tpu))\w*\.py\b.*--\w"),
    ("peft", r"(^|/|\s)train\.py\s.*--(model_name_or_path)\b"),
]

NO_TRAINING = re.compile(
    r"(^|\s)(vllm-serve|chat|env|infer|deploy|export|eval|rollout|app|sample|download|cp|ls|generate|list)\b"
)

# Commands that a document leaves open, or that only name what there is.
ELIDED = re.compile(r"\s(\.\.\.|…|--help|-h)(\s|$)|^litgpt\s+\w+$")


def framework_of_command(words):
    """The framework whose training a command starts; None where it starts none."""
    line = " ".join(words)
    for framework, pattern in COMMANDS:
        if re.search(pattern, line):
            return framework
    return None


def framework_of_yaml(root):
    """The framework of a file of keys; None where it trains nothing."""
    keys = set(root)
    if "distributed_type" in keys or "zero_optimization" in keys:
        return None
    if isinstance(root.get("actor_rollout_ref"), dict):
        # A piece of a configuration, which Hydra puts together with others, names no model.
        model = root["actor_rollout_ref"].get("model")
        return "verl" if isinstance(model, dict) and model.get("path") not in (None, "null", "~", "") else None
    if isinstance(root.get("worker"), dict) and "actor" in root["worker"]:
        return "easyr1"
    if "policy" in keys and "cluster" in keys and keys & {"grpo", "sft", "dpo", "distillation", "rm"}:
        return "nemo-rl"
    if {"task", "base_model", "params"} <= keys:
        return "autotrain"
    if "step_scheduler" in keys and keys & {"model", "recipe"}:
        return "nemo-automodel"
    if {"model", "lora_parameters", "iters"} <= keys:
        return "mlx-lm"
    if isinstance(root.get("training"), dict) and "training_type" in root["training"]:
        return "unsloth" if root.get("model") else None
    if "base_model" in keys and keys & {"datasets", "micro_batch_size", "adapter", "pretraining_dataset"}:
        return "axolotl"
    if any(isinstance(value, dict) and "_component_" in value for value in root.values()):
        return "torchtune" if {"model", "optimizer"} <= keys else None
    if "checkpoint_dir" in keys and "train" in keys or "model_name" in keys and "train" in keys:
        return "litgpt"
    if "model" in keys and keys & {"train_type", "tuner_type", "rlhf_type"}:
        return "ms-swift"
    if keys & {"dist_config", "peft_config"} and "model" in keys and "train_dataset" in keys:
        return "llama-factory-v1"
    trains = keys & {"output_dir", "per_device_train_batch_size", "learning_rate", "num_train_epochs"}
    if "model_name_or_path" in keys and keys & {"finetuning_type", "template"}:
        return "llama-factory" if "stage" in keys and root.get("do_train") else None
    if "model_name_or_path" in keys and trains:
        handbook = keys & {"dataset_mixer", "dataset_mixture"}
        return "alignment-handbook" if handbook else "trl"
    return None


TRAINERS = re.compile(r"\b(SFT|DPO|KTO|ORPO|CPO|GRPO|RLOO|Reward|GKD)?Trainer\s*\(")
LOADERS = re.compile(r"\b(Fast\w*Model|AutoModel\w*|\w+ForCausalLM|\w+ForConditionalGeneration)\.from_pretrained\s*\(")


def framework_of_program(text):
    """The framework of a Python program; None where it is not a whole training program."""
    if not re.search(r"\.train\(|Trainer\(", text) or "Trainer" not in text:
        return None
    if re.search(r"\bFast\w*Model\.from_pretrained\s*\(", text) and "class Fast" not in text:
        return "unsloth"
    names = re.search(r"Trainer\(\s*\n?\s*(model\s*=\s*)?[\"'][\w.-]+/", text)
    if not (LOADERS.search(text) or names) or re.search(r"ArgumentParser|TrlParser|class \w+Trainer", text):
        return None
    if re.search(r"\b(SFT|DPO|KTO|ORPO|CPO|GRPO|RLOO|Reward|GKD)Trainer\s*\(", text):
        return "trl"
    return "transformers" if re.search(r"[^\w]Trainer\s*\(", text) and "ForCausalLM" in text else None


def program_text(path, text):
    """The code of a program or a notebook."""
    if path.suffix != ".ipynb":
        return text
    cells = json.loads(text).get("cells", [])
    code = ["".join(cell.get("source", "")) for cell in cells if cell.get("cell_type") == "code"]
    return "\n".join(code)


def logical_lines(text):
    """The lines of a script with continued ones joined and comments left out."""
    joined = re.sub(r"\\[ \t]*\n", " ", text)
    return [line.strip() for line in joined.split("\n") if not line.strip().startswith("#")]


def words(line):
    """A command as words; empty where its quotes do not match."""
    try:
        return shlex.split(line, comments=True)
    except ValueError:
        return []


FENCE = re.compile(r"^(?P<indent>[ \t]*)```+[ \t]*(?P<tag>[\w+-]*)[^\n]*\n(?P<body>.*?)^(?P=indent)```", re.M | re.S)


# A line of prose may name a command too.
STARTS = re.compile(r"([A-Z_]+=\S+\s+)*(\S*/)?(swift|megatron|llamafactory-cli|lmf|axolotl|tune|litgpt|trl|accelerate|"
                    r"torchrun|deepspeed|python3?|uv|srun|ray)\s")


def snippets(path, text):
    """Training commands in a document, a docstring, a notebook's shell lines: (framework, text)."""
    blocks = []
    if path.suffix in (".md", ".mdx", ".rst"):
        blocks = [m["body"] for m in FENCE.finditer(text) if m["tag"] in ("", "bash", "shell", "sh", "console")]
    elif path.suffix == ".py":
        blocks = docstring_blocks(text)
    elif path.suffix == ".ipynb":
        code = program_text(path, text)
        blocks = [line[1:] for line in logical_lines(code) if line.startswith("!")]
    for block in blocks:
        for line in logical_lines(block):
            line = line.removeprefix("$ ")
            started = STARTS.match(line) and len(line) < 5000
            framework = framework_of_command(words(line)) if started else None
            if framework and not NO_TRAINING.search(line.split(" --")[0]) and not ELIDED.search(line):
                yield framework, line


def docstring_blocks(text):
    try:
        doc = ast.get_docstring(ast.parse(text)) or ""
    except (SyntaxError, ValueError):
        return []
    return [m["body"] for m in FENCE.finditer(doc + "\n")] or [doc]


def task_framework(root):
    """The framework of a command in a task of a cluster: SkyPilot, dstack, Kubernetes, Ray."""
    known = {"run", "resources"} <= set(root) or {"apiVersion", "kind"} <= set(root)
    known = known or isinstance(root.get("commands"), list) and "type" in root or "entrypoint" in root
    return script_framework("\n".join(texts(root))) if known else None


def texts(node):
    """All texts below a node; the words of a list of words as one line."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from texts(value)
    elif isinstance(node, list) and all(isinstance(item, str) for item in node):
        yield node[2] if len(node) == 3 and node[1].endswith("c") else " ".join(node)
        yield from node
    elif isinstance(node, list):
        for item in node:
            yield from texts(item)


def script_framework(text):
    """The framework of a shell script that trains."""
    for line in logical_lines(text):
        framework = framework_of_command(words(line) or line.split())
        if framework and not NO_TRAINING.search(line.split(" --")[0]):
            return framework
    return None


def yaml_root(text):
    try:
        root = yaml.load(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError:
        return None
    return root if isinstance(root, dict) else None


def find(folder, cut):
    """The training files below a folder; commands of documents are written below `cut`."""
    seen = set()
    for base, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(base, name)
            relative = path.relative_to(folder).as_posix()
            if SKIPPED.search("/" + relative) or path.is_symlink() or path.stat().st_size > LARGEST:
                continue
            text = path.read_bytes().decode("utf-8", "replace")
            for found in of_file(path, relative, text, cut):
                key = (found.framework, found.path.read_bytes())
                if key not in seen:
                    seen.add(key)
                    yield found


def is_module(text):
    """Whether a file of a package is there for others to call, and does not train by itself."""
    return "class " in text and "Trainer(" in text or "def " in text and "__main__" not in text


def of_file(path, relative, text, cut):
    suffix = path.suffix.lower()
    if suffix in (".yaml", ".yml"):
        root = yaml_root(text)
        framework = framework_of_yaml(root) if root else None
        task = task_framework(root) if root and not framework else None
        if framework or task:
            yield Found(path, path.parent, framework or task, "yaml" if framework else "task", relative)
    elif suffix == ".toml":
        try:
            root = tomllib.loads(text)
        except tomllib.TOMLDecodeError:
            return
        if isinstance(root.get("model"), dict) and "flavor" in root["model"] and "training" in root:
            yield Found(path, path.parent, "torchtitan", "toml", relative)
        elif isinstance(root.get("orchestrator"), dict) and {"trainer", "inference", "deployment"} & set(root):
            yield Found(path, path.parent, "prime-rl", "toml", relative)
    elif suffix in (".sh", ".bash", ".slurm"):
        framework = script_framework(text)
        if framework:
            yield Found(path, path.parent, framework, "script", relative)
    elif suffix == ".py" and (path.parent / "__init__.py").exists() and is_module(text):
        return
    elif suffix in (".py", ".ipynb", ".md", ".mdx", ".rst"):
        try:
            code = program_text(path, text) if suffix in (".py", ".ipynb") else ""
        except (ValueError, AttributeError, TypeError):
            return
        framework = framework_of_program(code)
        if framework:
            kind = "notebook" if suffix == ".ipynb" else "program"
            yield Found(path, path.parent, framework, kind, relative)
        elif suffix == ".ipynb" and not code:
            return
        for number, (framework, line) in enumerate(snippets(path, text)):
            file = cut / (re.sub(r"[^\w.-]+", "_", relative) + f".{number}.sh")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(line + "\n")
            yield Found(file, path.parent, framework, "command", relative)
