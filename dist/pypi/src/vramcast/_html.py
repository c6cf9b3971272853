"""How answers draw themselves in notebooks: plain HTML and SVG that follow the page's colours."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from vramcast._frames import rows, tables

if TYPE_CHECKING:
    from vramcast._answer import Answer

GIB = 1 << 30
_VERDICTS = {
    "fits": ("fits", "#1a7f37"),
    "tight": ("tight", "#9a6700"),
    "does_not_fit": ("does not fit", "#cf222e"),
    "not_modelled": ("not modelled", "#6e7781"),
}
# Of the Okabe-Ito palette, which readers who see few colours can tell apart.
_COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#999999")
_WIDTH = 640
_MOST_ROWS = 20
_LONGEST_CELL = 60


def html(answer: Answer) -> str:
    """The answer as HTML."""
    json = answer.to_dict()
    drawing = {
        "fit": _fit,
        "estimate": _estimate,
        "weights": _weights,
        "not_modelled": _not_modelled,
    }
    parts = [drawing.get(json["kind"], _table)(json)]
    if json["kind"] == "estimate":
        parts.append(_timeline(json.get("timeline") or _asked_again(answer)))
    parts += [f"<p>⚠ {escape(warning)}</p>" for warning in json.get("warnings", ())]
    return f'<div class="vramcast" style="max-width:{_WIDTH}px">{"".join(parts)}</div>'


def _fit(it: dict[str, Any]) -> str:
    needed = (it["needed_bytes"], it["low_bytes"], it["high_bytes"])
    return _sentence(it["summary"], it["verdict"]) + _bar(*needed, it["memory_bytes"])


def _estimate(it: dict[str, Any]) -> str:
    memory, card = it["memory"], it["gpu"]
    needed = memory["needed_bytes"]
    span = memory["ranges"]["needed"] or {"low_bytes": needed, "high_bytes": needed}
    parts = [_sentence(it["summary"], card and card["verdict"])]
    if card:
        parts.append(_bar(needed, span["low_bytes"], span["high_bytes"], card["memory_bytes"]))
    parts.append(_breakdown(memory["breakdown_bytes"], memory["allocated_bytes"]))
    return "".join(parts)


def _not_modelled(it: dict[str, Any]) -> str:
    return _sentence(it["reason"], it["verdict"])


def _weights(it: dict[str, Any]) -> str:
    return _sentence(it["summary"], it["verdict"])


def _sentence(text: str, verdict: str | None) -> str:
    word, colour = _VERDICTS.get(verdict or "", ("", ""))
    badge = (
        f'<span style="background:{colour};color:#fff;border-radius:4px;padding:1px 6px">{word}'
        "</span> "
        if word
        else ""
    )
    return f"<p>{badge}{escape(text)}</p>"


def _svg(height: int, label: str, parts: list[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="100%"'
        f' role="img" aria-label="{escape(label)}" font-family="system-ui, sans-serif"'
        f' font-size="11" fill="currentColor">{"".join(parts)}</svg>'
    )


def _rect(x: float, y: float, width: float, height: float, rest: str, title: str = "") -> str:
    inner = f"<title>{escape(title)}</title>" if title else ""
    return (
        f'<rect x="{x:.1f}" y="{y}" width="{max(width, 0):.1f}" height="{height}" {rest}>'
        f"{inner}</rect>"
    )


def _bar(needed: int, low: int, high: int, card: int) -> str:
    """What is needed against the card, with the range as a whisker."""
    scale = _WIDTH / max(card, high, 1)
    over = needed > card
    label = f"{_gib(needed)} needed ({_gib(low)} to {_gib(high)}) of {_gib(card)}"
    parts = [
        _rect(0, 4, card * scale, 18, 'fill="currentColor" opacity="0.15"'),
        _rect(0, 4, needed * scale, 18, f'fill="{"#cf222e" if over else "#0072b2"}"', label),
        f'<line x1="{low * scale:.1f}" x2="{high * scale:.1f}" y1="13" y2="13"'
        ' stroke="currentColor" stroke-width="2"/>',
        f'<text x="0" y="36">{escape(label)}</text>',
    ]
    return _svg(42, label, parts)


def _breakdown(bytes_by_category: dict[str, int], total: int) -> str:
    """What is alive at the peak."""
    scale = _WIDTH / max(total, sum(bytes_by_category.values()), 1)
    x, parts, legend = 0.0, [], []
    held = sorted(bytes_by_category.items(), key=lambda it: -it[1])
    for number, (category, size) in enumerate(it for it in held if it[1] > 0):
        colour = _COLOURS[number % len(_COLOURS)]
        name = f"{category.replace('_', ' ')} {_gib(size)}"
        parts.append(_rect(x, 2, size * scale, 14, f'fill="{colour}"', name))
        legend.append(f'<span style="color:{colour}">■</span> {escape(name)}')
        x += size * scale
    label = f"alive at the peak of {_gib(total)}"
    return _svg(18, label, parts) + f'<p style="font-size:85%">{" &nbsp; ".join(legend)}</p>'


def _asked_again(answer: Answer) -> dict[str, Any] | None:
    """The timeline is left out of answers that nobody draws; None where it cannot be had."""
    from vramcast._engine import ENGINE
    from vramcast._errors import VramcastError

    if answer._question is None:
        return None
    question = {**answer._question}
    question["fields"] = {**question["fields"], "timeline": True}
    try:
        return ENGINE.ask(question, 10).get("timeline")
    except VramcastError:
        return None


def _timeline(timeline: dict[str, Any] | None) -> str:
    """Allocated bytes over the operations of a step, stacked by category."""
    if not timeline or not timeline["total_bytes"]:
        return ""
    total = timeline["total_bytes"]
    height, count = 140, len(total)
    highest = max(max(total), 1)
    series = {name: it for name, it in timeline["breakdown_bytes"].items() if any(it)}
    chosen = _points(total)
    x = {index: index * _WIDTH / max(count - 1, 1) for index in chosen}
    below = [0] * count
    parts = []
    for number, (name, values) in enumerate(series.items()):
        above = [a + b for a, b in zip(below, values)]
        edge = [f"{x[i]:.1f},{height - above[i] * height / highest:.1f}" for i in chosen]
        floor = [f"{x[i]:.1f},{height - below[i] * height / highest:.1f}" for i in reversed(chosen)]
        parts.append(
            f'<polygon points="{" ".join(edge + floor)}" fill="{_COLOURS[number % len(_COLOURS)]}">'
            f"<title>{escape(name)}</title></polygon>"
        )
        below = above
    for span in timeline["phases"]:
        at = span["from"] * _WIDTH / max(count - 1, 1)
        parts.append(
            f'<line x1="{at:.1f}" x2="{at:.1f}" y1="0" y2="{height + 4}" stroke="currentColor"'
            f' opacity="0.3"><title>{escape(span["phase"])}</title></line>'
        )
    label = f"the step: {_gib(highest)} at the peak, over {count} operations"
    parts.append(f'<text x="0" y="{height + 14}">{escape(label)}</text>')
    return _svg(height + 20, label, parts)


def _points(total: list[int], most: int = 800) -> list[int]:
    """The highest place of each stretch, so that no peak is lost."""
    step = max(1, len(total) // most)
    return sorted(
        {max(range(i, min(i + step, len(total))), key=total.__getitem__)
         for i in range(0, len(total), step)}
    )


def _table(it: dict[str, Any]) -> str:
    known = tables(it)
    if not known:
        pairs = [(name, value) for name, value in it.items() if not isinstance(value, (dict, list))]
        cells = "".join(f"<tr><th>{escape(n)}</th><td>{_cell(v)}</td></tr>" for n, v in pairs)
        return f"<table>{cells}</table>"
    name = next(iter(known))
    records = rows(it, name)
    columns = list(dict.fromkeys(key for record in records for key in record))
    columns = [key for key in columns if not key.startswith("job.")][:12]
    head = "".join(f"<th>{escape(key)}</th>" for key in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{_cell(record.get(key), key)}</td>" for key in columns) + "</tr>"
        for record in records[:_MOST_ROWS]
    )
    left = len(records) - _MOST_ROWS
    more = f"<p>… and {left} more: .to_pandas({name!r})</p>" if left > 0 else ""
    summary = f"<p>{escape(it['summary'])}</p>" if "summary" in it else ""
    return f"{summary}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def _cell(value: Any, key: str = "") -> str:
    if value is None:
        return "–"
    if key.endswith("_bytes") and isinstance(value, int):
        return _gib(value)
    text = f"{value:,.4g}" if isinstance(value, float) else str(value)
    return escape(text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - 1] + "…")


def _gib(size: int) -> str:
    return f"{size / GIB:,.1f} GiB"
