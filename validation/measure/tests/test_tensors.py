import json
from collections import Counter
from dataclasses import dataclass

from vramcast_measure.tensors import lines


@dataclass(frozen=True)
class Made:
    module: str
    operation: str
    shape: tuple[int, ...]
    dtype: str
    bytes: int
    phase: str
    code: tuple[str, ...]


def made(module: str, size: int) -> Made:
    return Made(module, "aten.mm.default", (2, 3), "bfloat16", size, "fwd_layers", ("a.py:1",))


def test_the_first_line_names_the_run_and_the_rest_are_the_largest_first() -> None:
    small, large = made("model.norm", 512), made("model.layers.0.mlp", 1024)

    header, *rest = map(json.loads, lines("run", "fwd_head", Counter({small: 1, large: 2})))

    assert header == {"id": "run", "phase": "fwd_head", "bytes": 512 + 2 * 1024}
    assert [entry["module"] for entry in rest] == ["model.layers.0.mlp", "model.norm"]
    assert rest[0]["count"] == 2 and rest[0]["bytes"] == 2048 and rest[0]["shape"] == [2, 3]
