from conftest import GIB, document

from peers import scoring
from peers.cases import read_case
from peers.comparison import Compared, better, refusal

READINGS = {"allocated": "total", "reserved or device": "total"}


def case(name):
    return read_case(document(id=name))


def compared(name, cases, **said):
    replies = {
        item.id: {"bytes": {"total": said[item.id] * GIB}} if item.id in said else {"cannot": "x"}
        for item in cases
    }
    scored = {item.case.id: item for item in scoring.score(cases, replies, READINGS)}
    return Compared(name, name, replies, READINGS, scored)


CASES = [case("a"), case("b"), case("c")]


def test_a_tool_that_answers_only_what_is_easy_is_named():
    ours = compared("ours", CASES, a=10, b=11, c=12)
    (found,) = better(CASES, ours, [compared("other", CASES, a=10.1)])

    assert found.group == "qlora, one GPU, complete, allocated"
    assert found.theirs.median < found.ours_all.median
    assert found.ours_there.median == 0


def test_a_tool_that_is_worse_everywhere_is_not_named():
    ours = compared("ours", CASES, a=10, b=10.1, c=10.2)

    assert better(CASES, ours, [compared("other", CASES, a=12, b=12, c=12)]) == []


def test_a_tool_without_an_answer_in_a_class_is_not_named():
    assert better(CASES, compared("ours", CASES, a=10), [compared("other", CASES)]) == []


def test_refusals_that_differ_by_model_are_one_reason():
    first = {"refuses": "UnsupportedModelError: 'case/12' has 1,836,828 parameters according to"}
    second = {"refuses": "UnsupportedModelError: 'case/99' has 7,721,324 parameters according to"}

    assert refusal(first) == refusal(second) == "it says: … has N parameters"
    assert refusal({"bytes": {"total": 1}}) is None
