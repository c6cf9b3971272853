from peers import document
from peers.cases import files, read
from peers.markdown import percent, signed, table
from peers.paths import DOCUMENT


def test_the_page_is_what_the_kept_replies_say():
    assert DOCUMENT.read_text(encoding="utf-8") == document.text(read(files()))


def test_the_page_says_first_where_vramcast_is_not_the_best():
    headings = [
        line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("## ")
    ]

    assert headings[0] == "## Where Vramcast's median is not the lowest"


def test_percentages_keep_three_digits_at_most():
    assert percent(0.00187) == "0.19 %"
    assert percent(0.1234) == "12.3 %"
    assert percent(2.5) == "250 %"
    assert signed(-0.05) == "−5.0 %"


def test_numbers_stand_to_the_right():
    assert table(("a", "b"), [("x", "1")]) == ["| a | b |", "| --- | --: |", "| x | 1 |", ""]
