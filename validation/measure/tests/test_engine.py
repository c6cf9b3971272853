"""What stands in for TransformerEngine's compiled module."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch

from vramcast_measure import engine
from vramcast_measure.job import JobError

CPU = torch.device("cpu")


def quantizer(rows: bool, columns: bool) -> SimpleNamespace:
    return SimpleNamespace(rowwise_usage=rows, columnwise_usage=columns, optimize_for_gemm=True)


@pytest.mark.parametrize(("capability", "turned"), [((8, 9), True), ((9, 0), True), ((10, 0), False), ((12, 0), True)])
def test_bytes_are_transposed_where_products_take_them_one_way(
    monkeypatch: pytest.MonkeyPatch, capability: tuple[int, int], turned: bool
) -> None:
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _: capability)

    parts = engine._scaled(quantizer(True, True), (2, 3, 16), CPU)

    assert parts["data"].shape == (2, 3, 16)
    assert (parts["data_transpose"] is not None) == turned
    if turned:
        assert parts["data_transpose"].shape == (16, 2, 3)


def test_scales_of_blocks_lie_in_tiles() -> None:
    parts = engine._blocks(quantizer(True, True), (2, 96, 160), CPU)

    assert parts["rowwise_scale_inv"].shape == (256, 8)
    assert parts["columnwise_scale_inv"].shape == (8, 256)


def test_scales_of_128_are_of_squares_where_weights_are() -> None:
    lines = engine._squares(SimpleNamespace(rowwise_usage=True, columnwise_usage=True, block_scaling_dim=1), (300, 256), CPU)
    squares = engine._squares(SimpleNamespace(rowwise_usage=True, columnwise_usage=True, block_scaling_dim=2), (300, 256), CPU)

    assert lines["rowwise_scale_inv"].shape == (2, 300)
    assert lines["columnwise_scale_inv"].shape == (3, 256)
    assert squares["rowwise_scale_inv"].shape == (3, 4)
    assert squares["columnwise_data"].shape == (256, 300)


def test_numbers_of_four_bits_share_bytes_and_scales_of_16() -> None:
    parts = engine._four_bits(quantizer(True, True), (96, 160), CPU)

    assert parts["rowwise_data"].shape == (96, 80)
    assert parts["rowwise_scale_inv"].shape == (128, 12)
    assert parts["columnwise_data"].shape == (160, 48)
    assert parts["columnwise_scale_inv"].shape == (256, 8)


def test_rows_that_fill_no_block_are_refused() -> None:
    with pytest.raises(JobError, match="33 by 64"):
        engine._blocks(quantizer(True, False), (33, 64), CPU)


def test_products_have_the_sizes_of_their_operands() -> None:
    x, weight, gradient = torch.empty(2, 8, 16), torch.empty(32, 16), torch.empty(16, 32)
    turned = SimpleNamespace(_data=None, _transpose=torch.empty(16, 2, 8))

    assert engine._sizes(turned) == (2, 8, 16)
    for a, turns_a, b, turns_b, shape in (
        (weight, True, x, False, (2, 8, 32)),
        (weight, False, gradient, False, (16, 16)),
        (turned, False, gradient, True, (32, 16)),
    ):
        given = (None, None, engine._Type.kBFloat16, None, None, False, None, False, torch.empty(1))
        product = engine._Compiled.generic_gemm(None, a, turns_a, b, turns_b, *given)[0]
        assert product.shape == shape
        assert product.dtype == torch.bfloat16
