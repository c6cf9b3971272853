import pytest
from conftest import GIB, document

from peers import scoring
from peers.cases import read_case


def case(name="run-1", **measured):
    notes = measured.pop("notes", "")
    base = document()["measured"]
    return read_case(document(id=name, notes=notes, measured={**base, **measured}))


def replies(**bytes_by_case):
    return {name.replace("_", "-"): {"bytes": value} for name, value in bytes_by_case.items()}


ALLOCATED = {"allocated": "total", "reserved or device": "total"}


def test_percentiles_interpolate_between_ranks():
    assert scoring.percentile([4, 1, 2, 3], 0.5) == 2.5
    assert scoring.percentile([0, 10], 0.9) == 9
    assert scoring.percentile([7], 0.9) == 7


def test_an_error_is_estimate_over_measurement_less_one():
    (found,) = scoring.score([case()], replies(run_1={"total": 8 * GIB}), ALLOCATED)

    assert found.difference == pytest.approx(-0.2)
    assert found.error == pytest.approx(0.2)


def test_above_a_length_that_is_a_cap_nothing_is_wrong():
    capped = case(notes="length is a cap")
    (above,) = scoring.score([capped], replies(run_1={"total": 30 * GIB}), ALLOCATED)
    (below,) = scoring.score([capped], replies(run_1={"total": 9 * GIB}), ALLOCATED)

    assert (above.error, above.difference) == (0, 2)
    assert below.error == pytest.approx(0.1)


def test_runs_out_of_memory_and_cases_without_answer_have_no_error():
    ended = case(status="oom")

    assert scoring.score([ended], replies(run_1={"total": GIB}), ALLOCATED) == []
    assert scoring.score([case()], {"run-1": {"cannot": "DoRA"}}, ALLOCATED) == []
    assert scoring.statistics([]) is None


def test_each_family_of_figures_is_read_as_favours_the_tool():
    cases = [case("a"), case("b", kind="reserved")]
    said = {"parts": 10 * GIB, "total": 15 * GIB}
    near_total = {"parts": 6 * GIB, "total": 11 * GIB}

    chosen = scoring.favourable(cases, replies(a=said, b=near_total))

    assert chosen == {"allocated": "parts", "reserved or device": "total"}


def test_the_share_of_underestimates_counts_those_below_by_more_than_a_tenth():
    cases = [case("a"), case("b"), case("c"), case("d")]
    said = replies(a={"total": 8 * GIB}, b={"total": 9.1 * GIB}, c={"total": 10 * GIB})
    found = scoring.statistics(scoring.score(cases, {**said, "d": {"cannot": "x"}}, ALLOCATED))

    assert found.count == 3
    assert found.under == pytest.approx(1 / 3)
    assert found.signed_median == pytest.approx(-0.09)


def test_the_own_verdict_of_a_tool_goes_before_its_figure():
    ended, ran = case("a", status="oom"), case("b")
    said = {"a": {"bytes": {"total": 30 * GIB}, "fits": True}, "b": {"bytes": {"total": 30 * GIB}}}

    found = scoring.verdicts([ended, ran], said, {"RTX 4090": 24 * GIB})

    assert (found.out_of_memory, found.said_to_fit) == (1, 1)
    assert (found.ran, found.said_not_to_fit) == (1, 1)


def test_no_verdict_counts_without_a_known_card_or_on_a_length_that_is_a_cap():
    said = replies(a={"total": 30 * GIB})

    assert scoring.verdicts([case("a")], said, {}).ran == 0
    capped = case("a", notes="length is a cap")
    assert scoring.verdicts([capped], said, {"RTX 4090": 24 * GIB}).ran == 0


def test_a_length_that_is_a_cap_does_not_choose_the_reading():
    capped = case("a", notes="length is a cap")
    said = {"parts": 9 * GIB, "total": 30 * GIB}

    chosen = scoring.favourable([capped, case("b")], replies(a=said, b=said))

    assert chosen == {"allocated": "parts"}
