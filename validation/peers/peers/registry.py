"""The tools that are compared, and those that were looked at and are not."""

from __future__ import annotations

from importlib import import_module

from peers.tool import Tool

_MODULES = (
    "accelerate",
    "alloc",
    "canifinetune",
    "deepspeed",
    "fitcheck_llm",
    "fitscout",
    "ftuneai",
    "gpu_estimator",
    "hf_vram_calc",
    "llm_analysis",
    "peft_doctor",
    "qmemcalc",
    "tinyforge",
    "torch_kitsune",
    "vram_check",
    "vramcalc",
)

NOT_COMPARED = {
    "cfit 0.1.0.post1": "a multiple of the size of the weights, without training",
    "crusoe-estimator 0.1.2": "times a training loop that runs; no memory",
    "fm-training-estimator 0.1.3": "reads the model's tokenizer too, which a case does not have",
    "green-love 0.2.2": "times a training loop that runs; no memory",
    "hf-mem 0.5.6": "weights and KV cache for inference only",
    "llm-cal 0.2.0": "serving only",
    "llm-mem-planner 0.2.2": "serving only",
    "loggetta 0.7.0": "plans its own trainer for mixtures of experts on the machine at hand",
    "model-vram-calc 1.0.0": "an earlier name of hf-vram-calc",
    "training-hub 0.11.2": "reads the model by loading its weights from the Hub",
}


def tool(name: str) -> Tool:
    """The tool of one adapter module."""
    found: Tool = import_module(f"peers.adapters.{name}").TOOL
    return found


def tools() -> dict[str, Tool]:
    """All tools by the name of their adapter module, in alphabetical order."""
    return {name: tool(name) for name in _MODULES}
