"""Which module a quantiser leaves as it is."""

import pytest
import transformers
from torch import nn
from vramcast_measure.model import _head


class Encoder(nn.Module):
    """A pooler behind a layer, and no head over words."""

    def __init__(self, bias: bool) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)
        self.pooler = nn.Linear(4, 4, bias=bias)

    def get_output_embeddings(self) -> None:
        return None


def test_the_last_module_stays_where_there_is_no_head() -> None:
    assert _head(Encoder(bias=False)) == "pooler"


@pytest.mark.parametrize(("release", "kept"), [("4.57.6", "pooler"), ("5.24.0", "pooler.bias")])
def test_a_bias_at_the_end_names_no_module_since_5(monkeypatch: pytest.MonkeyPatch, release: str, kept: str) -> None:
    monkeypatch.setattr(transformers, "__version__", release)
    assert _head(Encoder(bias=True)) == kept
