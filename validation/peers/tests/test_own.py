from conftest import GIB, document

from peers.cases import read_case
from peers.own import probe, reply


def test_a_probe_is_the_job_on_a_card_that_is_full():
    case = read_case(document())
    found = probe(case, 24 * GIB)

    assert found["job"] == case.document["job"]
    assert found["measured"] == {
        "quality": "complete",
        "peak_bytes": 24 * GIB,
        "kind": "device",
        "status": "oom",
    }


def test_a_probe_that_would_be_a_false_fit_fits():
    result = {"id": "a", "estimated_bytes": 7, "reason": None}

    assert reply(result, None) == {"id": "a", "bytes": {"total": 7}}
    assert reply(result, {"false_fit": True})["fits"] is True
    assert reply(result, {"false_fit": False})["fits"] is False


def test_what_vramcast_does_not_support_has_its_reason():
    result = {"id": "a", "estimated_bytes": None, "reason": "no such model type"}

    assert reply(result, None) == {"id": "a", "cannot": "no such model type"}
