"""Cases in the format of docs/cases.md."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from . import engine

PACKAGES = ("torch", "transformers", "peft", "trl", "accelerate", "bitsandbytes", "deepspeed")


def versions() -> dict[str, str]:
    """The installed versions of what a measurement runs."""
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    own = engine.version()
    if own is not None:
        found["transformer_engine"] = own
    return found


def with_versions(job: Mapping[str, Any], installed: Mapping[str, str]) -> dict[str, Any]:
    """A job document with the versions that ran it."""
    framework = dict(job.get("framework", {"name": "transformers"}))
    for package in ("torch", "transformers", "peft", "bitsandbytes", "accelerate"):
        if package in installed:
            framework[package] = installed[package].split("+")[0]
    if str(job.get("parallelism", {}).get("strategy", "")).startswith("zero") and "deepspeed" in installed:
        framework["deepspeed"] = installed["deepspeed"]
    if framework.get("name") == "trl":
        framework["version"] = installed["trl"]
    return {**job, "framework": framework}


def pretended_case(
    name: str,
    job: Mapping[str, Any],
    installed: Mapping[str, str],
    peak: tuple[str, int],
    phases: Mapping[str, int],
    parameters: tuple[int, int],
) -> dict[str, Any]:
    """A case whose bytes were counted on fake tensors.

    Args:
        peak: the phase and its bytes
        parameters: of the base model, and trained
    """
    return {
        "id": name,
        "source": "vramcast-measure on fake tensors",
        "job": with_versions(job, installed),
        "measured": {
            "peak_bytes": peak[1],
            "kind": "allocated",
            "status": "ok",
            "quality": "exact",
            "phases": dict(phases),
            "peak_phase": peak[0],
            "total_parameters": parameters[0],
            "trainable_parameters": parameters[1],
        },
        "notes": ", ".join(f"{package} {installed[package]}" for package in installed),
    }


def device_case(
    name: str,
    job: Mapping[str, Any],
    installed: Mapping[str, str],
    gpu: str,
    run: Any,
) -> list[dict[str, Any]]:
    """Cases of a run on a GPU, one for each figure: allocated, reserved and on the device.

    Args:
        gpu: the card's name, e.g. of torch.cuda.get_device_name
        run: a ``device.Measured``
    """
    figures = {"allocated": run.peak[1], "reserved": run.reserved, "device": run.device}
    batch = job["batch"]
    tokens = batch["sequence_length"] * batch.get("micro_batch", 1) * batch.get("grad_accum", 1)
    versioned = with_versions(job, installed)
    versioned["hardware"] = {**job.get("hardware", {}), "gpu": gpu}
    return [
        {
            "id": f"{name}-{kind}",
            "source": "vramcast-measure on a GPU",
            "job": versioned,
            "measured": {
                "peak_bytes": figure,
                "kind": kind,
                "status": "ok",
                "quality": "complete",
                "tokens_per_second": tokens / run.seconds,
                "tokens_per_second_scope": "gpu",
            },
            "notes": ", ".join(f"{package} {installed[package]}" for package in installed),
        }
        for kind, figure in figures.items()
    ]
