"""Models of Transformers on the meta device, for tools that ask for a live one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

REMOTE_CODE = "a model whose code is not part of Transformers"


def build(config: Mapping[str, Any], dtype: str, head: bool = True) -> Any:
    """The module, without memory; raises ValueError where Transformers has no class for it."""
    return _build(json.dumps(dict(config), sort_keys=True), dtype, head)


@cache
def _build(config: str, dtype: str, head: bool) -> Any:
    import torch
    from transformers import AutoConfig, AutoModel, AutoModelForCausalLM

    values = json.loads(config)
    kind = values.pop("model_type")
    parsed = AutoConfig.for_model(kind, **values)
    factory = AutoModelForCausalLM if head else AutoModel
    with torch.device("meta"):
        return factory.from_config(parsed, dtype=getattr(torch, dtype))
