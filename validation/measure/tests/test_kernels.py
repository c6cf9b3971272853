import torch

from vramcast_measure.pretend.kernels import beside, between, scratch


def test_the_backward_pass_of_flash_attention_takes_gradients_for_every_head() -> None:
    query = torch.empty(2, 8, 100, 64, dtype=torch.bfloat16)
    key = torch.empty(2, 2, 100, 64, dtype=torch.bfloat16)
    backward = torch.ops.aten._scaled_dot_product_flash_attention_backward.default

    rows = 2 * 8 * 128
    every_head = 2 * 8 * 100 * 64 * 2
    assert scratch(backward, (query, query, key, key)) == [rows * 4, rows * 64 * 4, every_head, every_head]


def test_other_operations_take_nothing() -> None:
    assert scratch(torch.ops.aten.mm.default, ()) == []


def test_the_sum_of_exponentials_makes_them_first() -> None:
    values = torch.empty(3, 5, dtype=torch.float32)
    assert between(torch.ops.aten.logsumexp.default, (values, [-1])) == [3 * 4, 15 * 4]


def test_softmax_copies_what_is_not_contiguous() -> None:
    softmax = torch.ops.aten._log_softmax.default
    values = torch.zeros(2, 4, 8)
    assert beside(softmax, (values, -1, False)) == []
    assert beside(softmax, (values[:, :-1], -1, False)) == [2 * 3 * 8 * 4]
    assert scratch(softmax, (values[:, :-1], -1, False)) == [2 * 3 * 8 * 4]
