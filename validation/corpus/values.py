"""Values of training files, found without the readers, and where the two differ."""

import ast
import re
import tomllib

import training_files
import yaml

GENERATING = ("grpo", "gdpo", "ebft")

# Key of the framework: key of the job document. Of several keys for one the first that is there counts.
BATCHES = {
    "per_device_train_batch_size": "batch.micro_batch",
    "gradient_accumulation_steps": "batch.grad_accum",
}
KEYS = {
    "axolotl": {
        "base_model": "model.id",
        "micro_batch_size": "batch.micro_batch",
        "gradient_accumulation_steps": "batch.grad_accum",
        "sequence_len": "batch.sequence_length",
        "lora_r": "lora.rank",
        "lora_alpha": "lora.alpha",
        "tensor_parallel_size": "parallelism.tensor",
        "context_parallel_size": "parallelism.context",
    },
    "llama-factory": BATCHES | {
        "model_name_or_path": "model.id",
        "cutoff_len": "batch.sequence_length",
        "lora_rank": "lora.rank",
        "lora_alpha": "lora.alpha",
    },
    "trl": BATCHES | {
        "model_name_or_path": "model.id",
        "max_length": "batch.sequence_length",
        "lora_r": "lora.rank",
        "lora_alpha": "lora.alpha",
    },
    "torchtune": {
        "batch_size": "batch.micro_batch",
        "gradient_accumulation_steps": "batch.grad_accum",
        "tokenizer.max_seq_len": "batch.sequence_length",
        "model.lora_rank": "lora.rank",
        "model.lora_alpha": "lora.alpha",
    },
    "litgpt": {
        "train.micro_batch_size": "batch.micro_batch",
        "train.max_seq_length": "batch.sequence_length",
        "lora_r": "lora.rank",
        "lora_alpha": "lora.alpha",
    },
    "ms-swift": BATCHES | {
        "model": "model.id",
        "micro_batch_size": "batch.micro_batch",
        "max_length": "batch.sequence_length",
        "lora_rank": "lora.rank",
        "lora_alpha": "lora.alpha",
        "tensor_model_parallel_size": "parallelism.tensor",
        "pipeline_model_parallel_size": "parallelism.pipeline",
        "expert_model_parallel_size": "parallelism.expert",
    },
    "megatron-lm": {
        "micro_batch_size": "batch.micro_batch",
        "seq_length": "batch.sequence_length",
        "tensor_model_parallel_size": "parallelism.tensor",
        "pipeline_model_parallel_size": "parallelism.pipeline",
        "context_parallel_size": "parallelism.context",
        "expert_model_parallel_size": "parallelism.expert",
    },
    "nemo-automodel": {
        "model.pretrained_model_name_or_path": "model.id",
        "step_scheduler.local_batch_size": "batch.micro_batch",
        "peft.dim": "lora.rank",
        "peft.alpha": "lora.alpha",
        "distributed.tp_size": "parallelism.tensor",
        "distributed.cp_size": "parallelism.context",
        "distributed.pp_size": "parallelism.pipeline",
        "distributed.ep_size": "parallelism.expert",
    },
    "torchtitan": {
        "training.local_batch_size": "batch.micro_batch",
        "training.seq_len": "batch.sequence_length",
        "parallelism.tensor_parallel_degree": "parallelism.tensor",
        "parallelism.context_parallel_degree": "parallelism.context",
        "parallelism.data_parallel_shard_degree": "parallelism.shard",
    },
    "autotrain": {
        "base_model": "model.id",
        "params.batch_size": "batch.micro_batch",
        "params.gradient_accumulation": "batch.grad_accum",
        "params.lora_r": "lora.rank",
    },
    "verl": {
        "actor_rollout_ref.model.path": "model.id",
        "actor_rollout_ref.model.lora_rank": "lora.rank",
        "actor_rollout_ref.actor.ppo_micro_batch_size_per_gpu": "batch.micro_batch",
        "actor_rollout_ref.rollout.n": "generation.group_size",
        "actor_rollout_ref.rollout.gpu_memory_utilization": "generation.memory_fraction",
        "actor_rollout_ref.rollout.tensor_model_parallel_size": "generation.tensor",
        "actor_rollout_ref.actor.megatron.tensor_model_parallel_size": "parallelism.tensor",
        "actor_rollout_ref.actor.megatron.pipeline_model_parallel_size": "parallelism.pipeline",
        "data.max_prompt_length": "objective.prompt_length",
        "data.max_response_length": "objective.completion_length",
        "trainer.total_epochs": "data.epochs",
    },
    "openrlhf": {
        "pretrain": "model.id",
        "micro_train_batch_size": "batch.micro_batch",
        "lora_rank": "lora.rank",
        "lora_alpha": "lora.alpha",
    },
    "nemo-rl": {
        "policy.model_name": "model.id",
        "policy.train_micro_batch_size": "batch.micro_batch",
        "policy.max_total_sequence_length": "batch.sequence_length",
        "policy.dtensor_cfg.tensor_parallel_size": "parallelism.tensor",
        "policy.dtensor_cfg.context_parallel_size": "parallelism.context",
        "grpo.num_generations_per_prompt": "generation.group_size",
    },
    "unsloth": BATCHES | {
        "r": "lora.rank",
        "lora_alpha": "lora.alpha",
    },
}
for _name in ("alignment-handbook", "peft", "transformers"):
    KEYS[_name] = KEYS["trl"]

# What of a file chooses the method, and the methods that it may be read as.
ADAPTERS = {"lora", "qlora", "dora", "rslora", "pissa", "longlora", "adalora", "oft", "boft", "vera", "ia3"}


def flat(section, path=""):
    result = {}
    for name, value in section.items():
        if isinstance(value, dict):
            result |= flat(value, path + str(name) + ".")
        else:
            result[path + str(name)] = value
    return result


def options(words):
    """The options of a command and its `key=value`; the last of several counts."""
    result, name = {}, None
    for word in words:
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            name = name.replace("-", "_")
            result[name] = value if equals else "true"
            name = None if equals else name
        elif name:
            result[name], name = word, None
        elif re.match(r"[A-Za-z_][\w.]*=", word):
            key, _, value = word.partition("=")
            result[key] = value
    return result


def named_file(file, words):
    """The YAML file that a command trains by, from its folder or one around it; empty for none."""
    for word in words:
        if re.fullmatch(r"[^=:]+\.(ya?ml|json)", word):
            for folder in [file.folder, *list(file.folder.parents)[:7]]:
                path = folder / word
                if path.is_file():
                    root = training_files.yaml_root(path.read_text(errors="replace"))
                    return flat(root) if root and training_files.framework_of_yaml(root) else {}
    return {}


def of_command(file, text):
    """Of the command that trains; nothing where a script has several or its values are variables."""
    lines = [words for words in map(training_files.words, training_files.logical_lines(text))
             if training_files.framework_of_command(words)]
    if len(lines) != 1:
        return {}
    return named_file(file, lines[0]) | options(lines[0])


def of_program(file, text):
    """Keyword arguments of the calls that train, where each stands once in the program."""
    try:
        tree = ast.parse(re.sub(r"^\s*[!%].*$", "", training_files.program_text(file.path, text), flags=re.M))
    except (SyntaxError, ValueError):
        return {}
    found, seen = {}, set()
    for node in ast.walk(tree):
        name = isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in ("get_peft_model", "SFTConfig", "GRPOConfig", "DPOConfig", "TrainingArguments", "LoraConfig"):
            # Of several stages one trainer is meant.
            kind = "configuration" if name.endswith(("Config", "Arguments")) and name != "LoraConfig" else name
            if kind in seen:
                return {}
            seen.add(kind)
            found |= {word.arg: word.value.value for word in node.keywords if isinstance(word.value, ast.Constant)}
    return found


def of(file, text):
    if file.kind == "toml":
        return flat(tomllib.loads(text))
    if file.kind == "yaml":
        return flat(yaml.load(text, Loader=yaml.BaseLoader))
    if file.kind == "task":
        return {}
    return of_program(file, text) if file.kind in ("program", "notebook") else of_command(file, text)


def number(value):
    try:
        return float(str(value).replace("_", ""))
    except ValueError:
        return None


def differs(given, read):
    if number(given) is not None:
        return number(given) != number(read)
    return str(given) != str(read)


def is_open(given):
    """Whether a value is nothing, or comes from elsewhere."""
    text = str(given)
    return not text or text.lower() in ("null", "none", "~") or any(sign in text for sign in "${<`")


def compared(file, text, row):
    """How many values were compared, and each that was taken otherwise than it stands in the file."""
    if row["outcome"] != "answered":
        return 0, []
    raw, job = of(file, text), row["job"]
    count, result = 0, []
    for key, path in KEYS.get(file.framework, {}).items():
        given = raw.get(key)
        if given is None or is_open(given) or path.startswith("lora.") and job.get("method") == "full":
            continue
        if number(given) is None and path != "model.id" or path.startswith("parallelism.") and number(given) <= 1:
            continue
        # What is taken otherwise and said so is no secret.
        if any(finding["key"] == key for finding in row["findings"]):
            continue
        # A micro-batch that is filled with tokens has no number of sequences of its own.
        filled = is_on(raw, "actor_rollout_ref.actor.use_dynamic_bsz") or is_on(raw, "use_dynamic_batch")
        filled = filled or "$" in str(raw.get("actor_rollout_ref.actor.use_dynamic_bsz", ""))
        if path == "batch.micro_batch" and filled:
            continue
        # A pipeline cuts a local batch into micro-batches of another size.
        if key == "step_scheduler.local_batch_size" and "pp_microbatch_size" in " ".join(raw):
            continue
        # What generates has a prompt and a completion, and ms-swift's max_length is that of the prompt.
        if key == "max_length" and raw.get("rlhf_type") in ("grpo", "gkd"):
            continue
        # Axolotl drops no row by sequence_len where completions are generated (utils/data/rl.py _drop_long_sequences).
        if file.framework == "axolotl" and key == "sequence_len" and raw.get("rl") in GENERATING:
            continue
        # Unsloth makes a micro-batch a group where groups do not divide what is generated (unsloth/models/rl.py).
        group = number(raw.get("num_generations"))
        steps = number(raw.get("gradient_accumulation_steps")) or 1
        regroups = file.framework == "unsloth" and key == "per_device_train_batch_size" and group
        if regroups and number(given) * steps % group:
            given = group
        count += 1
        if path not in job or differs(given, job[path]):
            result.append(f"{key} is {given}, read as {path} {job.get(path)}")
    rules = (method(file, raw, job), quantised(raw, job), optimizer(raw, job, row), checkpointing(file, raw, job),
             gpus(file, raw, text, job), strategy(raw, job), frozen(file, raw, job))
    return count, result + [what for what in rules if what]


def is_on(raw, key):
    return str(raw.get(key)).lower() in ("true", "1", "yes")


def method(file, raw, job):
    """Whether adapters are trained."""
    named = {
        "axolotl": raw.get("adapter") or "full",
        "llama-factory": raw.get("finetuning_type"),
        "ms-swift": raw.get("tuner_type") or raw.get("train_type"),
        "trl": "lora" if is_on(raw, "use_peft") else None,
    }.get(file.framework)
    if named is None or is_open(named):
        return None
    adapters = str(named).lower() in ADAPTERS
    full = str(named).lower() == "full"
    read = job.get("method")
    if adapters and read == "full" or full and read in ADAPTERS:
        return f"the method is {named}, read as {read}"
    return None


# What says of the encoders of a model that they are not trained, by the framework.
FROZEN = {
    "ms-swift": ("freeze_vit", True),
    "llama-factory": ("freeze_vision_tower", True),
    "nemo-automodel": ("freeze_config.freeze_vision_tower", True),
    "unsloth": ("finetune_vision_layers", False),
}


def frozen(file, raw, job):
    """Whether encoders are trained that a file says are not, or the other way round."""
    key, still = FROZEN.get(file.framework, (None, True))
    if raw.get(key) is None or is_open(raw[key]):
        return None
    # What is adapted by name is adapted in encoders too, and a base below adapters is frozen anyway.
    named = str(raw.get("target_modules", "all-linear")) != "all-linear" and file.framework == "ms-swift"
    if named or file.framework == "nemo-automodel" and job.get("method") != "full":
        return None
    given = is_on(raw, key) == still
    read = job.get("frozen")
    if read is None:
        read = file.framework in ("ms-swift", "llama-factory") and ["towers"]
    if given != ("towers" in (read or [])):
        return f"{key} is {raw[key]}, read as {job.get('frozen')}"
    return None


def quantised(raw, job):
    """Whether a file that says nothing of bits is read as quantised, or the other way round."""
    scheme = job.get("model.quantization.scheme")
    if is_on(raw, "load_in_4bit") and is_on(raw, "use_peft") and scheme not in ("nf4", "fp4"):
        return f"load_in_4bit is true, read as {scheme}"
    bits = str(raw.get("quantization_bit") or raw.get("quant_bits") or "")
    if bits in ("4", "8") and scheme is None and job.get("method") != "full":
        return f"{bits} bits, read as not quantised"
    return None


def optimizer(raw, job, row):
    """Whether the bits, the pages or the family of an optimizer are another's, and nothing says so."""
    if any(finding["key"] in ("optimizer", "optim") for finding in row["findings"]):
        return None
    given, read = raw.get("optimizer") or raw.get("optim"), job.get("optimizer.name")
    if given is None or is_open(given) or not read:
        return None
    # accelerate puts DeepSpeed's Adam in its place.
    if "optimizer" in str(job.get("parallelism.offload")):
        return None
    given = str(given).lower()
    for sign, name in (("8bit", "8bit"), ("4bit", "4bit"), ("paged", "paged"), ("lion", "lion"), ("adafactor", "adafactor"),
                       ("muon", "muon"), ("galore", "galore"), ("apollo", "apollo")):
        if (sign in given) != (name in read) and job.get("method") != "galore":
            return f"the optimizer is {given}, read as {read}"
    return None


def checkpointing(file, raw, job):
    """Whether activations are recomputed, where the key means it (LLaMA-Factory's does nothing)."""
    given = str(raw.get("gradient_checkpointing")).lower()
    read = job.get("checkpointing")
    if file.framework in ("llama-factory", "torchtune", "litgpt") or given not in ("true", "false"):
        return None
    # FSDP may recompute by a key of its own.
    own = str(job.get("parallelism.strategy")).startswith("fsdp")
    if given == "true" and read == "none" or given == "false" and read not in ("none", None) and not own:
        return f"gradient_checkpointing is {given}, read as {read}"
    return None


PROCESSES = re.compile(r"(?:\bNPROC_PER_NODE=|--nproc[_-]per[_-]node[= ]|--num_processes[= ])(\d+)\b")
SEVERAL = re.compile(r"NNODES|nnodes|num_machines|num_nodes|--hostfile|SBATCH")


def gpus(file, raw, text, job):
    """Whether a job is spread over the processes that its command starts, on one machine."""
    found = set(PROCESSES.findall(text)) if file.kind in ("command", "script") else set()
    if len(found) != 1 or SEVERAL.search(text):
        return None
    given = int(found.pop())
    return None if job.get("hardware.count") == given else f"{given} processes, read as {job.get('hardware.count')} GPUs"


def strategy(raw, job):
    """Whether the stage that the name of a DeepSpeed file tells is another's."""
    named = re.search(r"(?:zero|stage|ds_z)_?([123])(?!\d)", str(raw.get("deepspeed") or "").lower())
    read = job.get("parallelism.strategy")
    return f"deepspeed is {raw['deepspeed']}, read as {read}" if named and read != f"zero{named[1]}" else None
