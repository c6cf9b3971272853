import json

from peers.answer import Answer
from peers.express import CannotExpress
from peers.tool import Tool
from peers.worker import replies, reply


def tool(options=lambda job: {"length": job.sequence_length}, ask=None):
    answer = ask or (lambda options: Answer.of(fits=True, total=2.6 * options["length"]))
    return Tool("a-tool", "1.0", "none", "nothing", (), options, answer)


def test_a_reply_has_whole_bytes_and_the_verdict(qlora):
    assert reply(tool(), qlora.document()) == {
        "id": "run-1",
        "bytes": {"total": 2662},
        "fits": True,
    }


def test_what_a_tool_cannot_express_is_kept_with_its_reason(qlora):
    def options(job):
        raise CannotExpress("DoRA")

    assert reply(tool(options), qlora.document()) == {"id": "run-1", "cannot": "DoRA"}


def test_the_refusal_of_a_tool_is_kept_by_its_first_line(qlora):
    def ask(options):
        raise ValueError("model not supported\nand more")

    expected = {"id": "run-1", "refuses": "ValueError: model not supported"}
    assert reply(tool(ask=ask), qlora.document()) == expected


def test_what_a_tool_prints_does_not_mix_with_replies(qlora, capsys):
    def ask(options):
        print("a table")
        return Answer.of(total=1)

    found = list(replies(tool(ask=ask), [json.dumps(qlora.document())]))

    assert found == [{"id": "run-1", "bytes": {"total": 1}}]
    assert capsys.readouterr().out == ""
