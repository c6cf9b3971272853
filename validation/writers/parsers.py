"""Runs the parser of one framework on written files, inside that framework's environment.

    python parsers.py NAME FOLDER

prints a JSON object for each file: its name, the parser, and the error or null.
"""

import ast
import contextlib
import io
import json
import os
import sys
import traceback
import warnings
from pathlib import Path

CHECKS = {}


def check(pattern, parser):
    """Registers a check of the files with a name, under the words that the table shows."""

    def register(function):
        CHECKS.setdefault(function.__name__.split("__")[0], []).append((pattern, parser, function))
        return function

    return register


def mapping(path):
    import yaml

    return yaml.safe_load(path.read_text(encoding="utf-8"))


@check("axolotl.yaml", "AxolotlConfigWCapabilities (pydantic)")
def axolotl(path):
    from axolotl.utils.schemas.config import AxolotlConfigWCapabilities

    config = mapping(path)
    AxolotlConfigWCapabilities(
        **config,
        capabilities={
            "bf16": True,
            "fp8": True,
            "tf32": True,
            "n_gpu": config.get("dp_shard_size", 1),
            "n_node": 1,
            "compute_capability": "sm_90",
        },
        env_capabilities={"torch_version": "2.9.0"},
    )
    unknown = set(config) - set(AxolotlConfigWCapabilities.model_fields)
    if unknown - {key for key in unknown if key.startswith("liger_") or key == "cut_cross_entropy"}:
        raise ValueError(f"keys that the schema ignores: {sorted(unknown)}")


@check("llama-factory.yaml", "get_train_args")
def llamafactory(path):
    from llamafactory.hparams import parser
    from omegaconf import OmegaConf

    arguments = OmegaConf.to_container(OmegaConf.load(path))
    # There is no GPU here that knows bf16, and no launcher around the parser.
    parser.is_torch_bf16_gpu_available = lambda: True
    parser.get_train_args({**arguments, "use_cpu": True, "deepspeed": None})


@check("trl.yaml", "TrlParser")
def trl(path):
    from trl import DatasetMixtureConfig, ModelConfig, ScriptArguments, SFTConfig, TrlParser

    parser = TrlParser((ScriptArguments, SFTConfig, ModelConfig, DatasetMixtureConfig))
    parser.parse_args_and_config(
        args=["--config", str(path), "--use_cpu", "true"], fail_with_unknown_args=True
    )


@check("*accelerate.yaml", "load_config_from_file")
def trl__accelerate(path):
    from accelerate.commands.config.config_args import load_config_from_file

    config = load_config_from_file(str(path))
    if config.num_processes < 1:
        raise ValueError(f"num_processes {config.num_processes}")


@check("*-deepspeed.json", "HfTrainerDeepSpeedConfig")
def trl__zero(path):
    from transformers.integrations.deepspeed import HfTrainerDeepSpeedConfig

    HfTrainerDeepSpeedConfig(str(path))


@check("deepspeed.json", "DeepSpeedConfig")
def trl__deepspeed(path):
    from deepspeed.runtime.config import DeepSpeedConfig

    DeepSpeedConfig(str(path))


@check("torchtune.yaml", "tune validate")
def torchtune(path):
    from omegaconf import OmegaConf
    from torchtune import config

    config.validate(OmegaConf.load(path))


@check("litgpt.yaml", "jsonargparse on setup()")
def litgpt(path):
    from jsonargparse import ArgumentParser
    from litgpt.finetune import full, lora

    parser = ArgumentParser()
    setup = lora.setup if "lora_r" in mapping(path) else full.setup
    parser.add_function_arguments(setup)
    parser.parse_path(str(path))


@check("ms-swift.yaml", "SftArguments fields")
def msswift(path):
    from swift.arguments import SftArguments
    from swift.cli.main import parse_yaml_args
    from transformers import HfArgumentParser

    os.chdir(path.parent)
    words = [path.name]
    parse_yaml_args(words)
    parser = HfArgumentParser([SftArguments])
    # Without __post_init__, which loads the model's configuration from the Hub.
    namespace, rest = parser.parse_known_args(words)
    if rest:
        raise ValueError(f"unknown arguments {rest}")


@check("unsloth_train.py", "Python, signatures of the calls")
def unsloth(path):
    import unsloth_signatures

    unsloth_signatures.check(ast.parse(path.read_text(encoding="utf-8")))


@check("skypilot.yaml", "sky.Task.from_yaml")
def skypilot(path):
    import sky

    os.chdir(path.parent)
    sky.Task.from_yaml(str(path))


@check("dstack.yaml", "parse_run_configuration (pydantic)")
def dstack(path):
    from dstack._internal.core.models.configurations import parse_run_configuration

    parse_run_configuration(mapping(path))


@check("kubernetes.yaml", "JSON schema, strict")
def kubernetes(path):
    import kubernetes_validate
    import yaml

    for document in yaml.safe_load_all(path.read_text(encoding="utf-8")):
        kubernetes_validate.validate(document, "1.31", strict=True)


@check("kubeflow.yaml", "TrainerV1alpha1TrainJob (pydantic)")
def kubernetes__kubeflow(path):
    from kubeflow_trainer_api.models import TrainerV1alpha1TrainJob

    content = mapping(path)
    job = TrainerV1alpha1TrainJob.from_dict(content)
    if job.to_dict()["spec"] != content["spec"]:
        raise ValueError("the model keeps less than the file says")


@check("*.sh", "bash -n")
def kubernetes__shell(path):
    import subprocess

    subprocess.run(["bash", "-n", str(path)], check=True, capture_output=True)


def main(name, folder):
    warnings.simplefilter("ignore")
    for pattern, parser, function in CHECKS[name]:
        for path in sorted(Path(folder).resolve().glob("*/" + pattern)):
            error = None
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                try:
                    function(path)
                except (Exception, SystemExit) as e:
                    error = f"{type(e).__name__}: {e}"
                    if os.environ.get("TRACE"):
                        traceback.print_exc(file=sys.__stderr__)
            print(json.dumps({"job": path.parent.name, "file": path.name, "parser": parser, "error": error}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
