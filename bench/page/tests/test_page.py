import json
import sys

import pytest
from speed import figures, page, process


@pytest.fixture
def kept():
    return json.loads(figures.KEPT.read_text())


def test_the_page_is_that_of_the_kept_figures(kept):
    assert page.text(kept) == (figures.REPOSITORY / "docs/performance.md").read_text()


def test_what_misses_its_goal_comes_first_the_worst_before_the_others(kept):
    missed = page.text(kept).partition("## What reaches")[0]
    off = [
        float(line.split("|")[-2].replace(",", ""))
        for line in missed.splitlines()
        if line.startswith("|") and ("≤" in line or "≥" in line)
    ]

    assert off == sorted(off, reverse=True)
    assert all(times >= 1 for times in off)
    assert len(off) == len([goal for goal in page.goals(kept) if goal.missed_by > 1])


def test_a_goal_that_is_reached_is_no_longer_among_those_that_are_missed(kept):
    kept["processes"]["plan"]["wall"] = 0.5

    missed, _, reached = page.text(kept).partition("## What reaches")

    assert "`vramcast plan` of a 70B" not in missed
    assert "| `vramcast plan` of a 70B over the market | 0.50 s | ≤ 1.00 s | 0.50 |" in reached


def test_more_is_better_where_a_goal_is_a_rate():
    assert page.Goal("rate", 500, 2000, least=True).missed_by == 4
    assert page.Goal("time", 500, 2000).missed_by == 0.25


def test_numbers_have_three_digits_that_count():
    assert [page.number(it) for it in (0.123, 12.34, 1234.5)] == ["0.12", "12.3", "1,234"]


def test_a_process_is_told_by_what_it_takes_and_says():
    busy = "import sys; sum(range(3_000_000)); print(sys.stdin.read())"

    taken, said = process.run([sys.executable, "-c", busy], "words")

    assert said == "words\n"
    assert 0 < taken.cpu < 60
    assert taken.mib > 1


@pytest.mark.parametrize("code", [1, 3])
def test_a_process_that_fails_is_an_error_with_its_last_words(code):
    words = f"import sys; sys.stderr.write('bad'); sys.exit({code})"

    with pytest.raises(RuntimeError, match=f"ended with {code}.*bad"):
        process.run([sys.executable, "-c", words])


def test_those_who_are_compared_take_turns():
    turns = []

    def start(name, cpu):
        turns.append(name)
        return process.Taken(cpu, cpu, cpu)

    medians = process.alternate({"a": lambda: start("a", 1), "b": lambda: start("b", 2)}, 2)

    assert turns == ["a", "b"] * 3
    assert medians["b"]["cpu"] == 2
