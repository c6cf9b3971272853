import torch

from vramcast_measure.pretend.answers import Answers, experts
from vramcast_measure.job import Job

aten = torch.ops.aten


def test_a_whole_batch_has_a_mask_that_is_true_everywhere() -> None:
    for whole in (True, False):
        answers = Answers(all_true=whole)
        result = torch.ones(1)
        answers.note(aten.all.default, (), {}, result)
        assert answers.of(aten._local_scalar_dense.default, (result,), {}) is whole


def test_a_loss_is_never_infinite() -> None:
    answers = Answers(all_true=True)
    result = torch.tensor(True)
    answers.note(aten.isinf.default, (), {}, result)

    assert answers.of(aten._local_scalar_dense.default, (result,), {}) is False


def test_no_expert_is_the_one_to_be_skipped() -> None:
    answers = Answers(all_true=True)
    result = torch.tensor(True)
    answers.note(aten.eq.Scalar, (), {}, result)

    assert answers.of(aten._local_scalar_dense.default, (result,), {}) is False


def test_no_layer_is_dropped_by_a_chance_of_nothing() -> None:
    answers = Answers(all_true=True)
    drawn, result = torch.rand([]), torch.tensor(True)
    answers.note(aten.lt.Scalar, (drawn, 0.0), {}, result)

    assert answers.of(aten._local_scalar_dense.default, (result,), {}) is False


def test_tokens_are_divided_evenly_among_experts() -> None:
    choices = torch.zeros(2, 64, dtype=torch.bool)

    assert Answers(True, experts=8).of(aten.nonzero.default, (choices,), {}).shape == (16, 2)


def test_an_expert_has_its_share_of_all_choices_in_a_row() -> None:
    answers = Answers(True, experts=8)
    choices, rows = torch.zeros(64, dtype=torch.int64), torch.zeros(64, 3)
    mask = choices == 5
    answers.note(aten.eq.Scalar, (choices, 5), {}, mask)

    assert answers.of(aten.index.Tensor, (rows, [mask]), {}).shape == (8, 3)


def test_no_token_is_masked_where_masked_ones_have_a_place_of_their_own() -> None:
    hit = torch.ones(9, dtype=torch.bool)

    assert Answers(True, experts=8).of(aten.nonzero.default, (hit,), {}).shape == (8, 1)


def test_a_loop_over_the_experts_that_are_hit_runs_each_of_them() -> None:
    answers = Answers(all_true=True)
    hit = torch.ones(3, dtype=torch.bool)
    found = answers.of(aten.nonzero.default, (hit,), {})
    answers.note(aten.nonzero.default, (hit,), {}, found)
    rows = found.unbind(0)
    answers.note(aten.unbind.int, (found,), {}, rows)

    scalars = [answers.of(aten._local_scalar_dense.default, (row,), {}) for row in rows]
    assert scalars == [0, 1, 2]


def test_selection_by_a_mask_takes_everything() -> None:
    mask, hidden = torch.zeros(2, 3, dtype=torch.bool), torch.zeros(2, 3, 5)

    assert Answers(True).of(aten.index.Tensor, (hidden, [mask]), {}).shape == (6, 5)


def test_operations_that_need_no_values_run() -> None:
    assert Answers(True).of(aten.add.Tensor, (torch.ones(1), torch.ones(1)), {}) is None


def test_the_number_of_experts_has_a_name_in_each_family() -> None:
    for config in (
        {"num_experts": 8},
        {"num_local_experts": 8},
        {"n_routed_experts": 8},
        {"moe_num_experts": 8},
        {"ffn_config": {"moe_num_experts": 8}},
    ):
        assert experts(Job({"model.config": config})) == 8
    assert experts(Job({"model.config": {}})) == 1
