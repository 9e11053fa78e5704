"""Pictures of figures as SVG: one drawing for PDF (as it is) and DOCX (as a bitmap).

Units are points of a drawing `WIDTH` wide. A series is told by place, mark and words, not by colour alone.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree as ET

from core.documents.figures import Chart
from core.documents.letters import printable
from core.documents.values import Cell, Percent, kind_of, number_of, text_of

WIDTH = 490.0
FONT = "PT Serif"
INK, MUTED, LINE = "#17212B", "#55606E", "#D8DEE5"
COLOURS = ("#1257A8", "#E8994A", "#1E7B45", "#7A8CA3", "#B3261E", "#5B3A8C")
_SIZE = 9.5
_LABELS = 176.0
_VALUES = 62.0
_LETTER = _SIZE * 0.53
_LINE_HEIGHT = 11.5


def to_svg(chart: Chart) -> str:
    """The chart as an SVG document."""
    drawing = _bars(chart) if chart.kind == "bar" else _lines(chart)
    return ET.tostring(drawing, encoding="unicode")


def _svg(height: float) -> ET.Element:
    attributes = {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {WIDTH:g} {height:g}"}
    return ET.Element("svg", {**attributes, "width": f"{WIDTH:g}pt", "height": f"{height:g}pt"})


def height_to_width(svg: str) -> float:
    """How tall a drawing is beside its width."""
    width, height = ET.fromstring(svg).attrib["viewBox"].split()[2:]
    return float(height) / float(width)


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: float | str) -> None:
    named = {
        name.replace("_", "-"): f"{value:.2f}" if isinstance(value, float) else str(value)
        for name, value in attributes.items()
    }
    ET.SubElement(parent, tag, named).text = printable(text) or None


def _write(parent: ET.Element, text: str, x: float, y: float, anchor: str = "start", fill: str = INK) -> None:
    _add(parent, "text", text, x=x, y=y, font_family=FONT, font_size=_SIZE, fill=fill, text_anchor=anchor)


def _wrap(text: str, width: float, lines: int) -> list[str]:
    letters = max(6, int(width / _LETTER))
    return textwrap.wrap(text, letters, max_lines=lines, placeholder=" …") or [""]


def _legend(svg: ET.Element, chart: Chart, y: float) -> float:
    """Names of the series in order; returns where the drawing goes on."""
    if len(chart.series) < 2:
        return y
    x = 0.0
    for index, (name, _) in enumerate(chart.series):
        name = textwrap.shorten(name, 60, placeholder=" …")
        width = 18 + len(name) * _LETTER + 14
        if x and x + width > WIDTH:
            x, y = 0.0, y + _LINE_HEIGHT + 2
        _mark(svg, chart.kind, index, x + 5, y + 6)
        _write(svg, name, x + 15, y + 9)
        x += width
    return y + _LINE_HEIGHT + 8


def _colour(index: int) -> str:
    return COLOURS[index % len(COLOURS)]


def _mark(svg: ET.Element, kind: str, index: int, x: float, y: float) -> None:
    """The sign of a series: a box for bars; circle, square, diamond … for lines."""
    fill = _colour(index)
    shape = 1 if kind == "bar" else index % 3
    if shape == 0:
        _add(svg, "circle", cx=x, cy=y, r=3.0, fill=fill)
    elif shape == 1:
        _add(svg, "rect", x=x - 3, y=y - 3, width=6.0, height=6.0, fill=fill)
    else:
        _add(
            svg,
            "path",
            d=f"M{x:.2f} {y - 4:.2f}L{x + 4:.2f} {y:.2f}L{x:.2f} {y + 4:.2f}L{x - 4:.2f} {y:.2f}Z",
            fill=fill,
        )


def _numbers(chart: Chart, most: int | None = None) -> list[float]:
    cells = [cell for _, values in chart.series for cell in values[:most]]
    return [number for number in map(number_of, cells) if number is not None]


def _bars(chart: Chart) -> ET.Element:
    numbers = _numbers(chart, chart.drawn) or [0.0]
    low, high = min(0.0, *numbers), max(0.0, *numbers)
    scale = (WIDTH - _LABELS - _VALUES * (2 if low < 0 else 1)) / ((high - low) or 1)
    zero = _LABELS + (_VALUES if low < 0 else 0) - low * scale
    thick = 11.0 if len(chart.series) == 1 else 9.5
    svg = _svg(0)
    y = _legend(svg, chart, 0.0) + 4
    top = y
    for place, category in enumerate(chart.categories[: chart.drawn]):
        words = _wrap(category, _LABELS - 8, 3)
        inner = max(len(words) * _LINE_HEIGHT, len(chart.series) * (thick + 1.5))
        for line, text in enumerate(words):
            base = y + (inner - len(words) * _LINE_HEIGHT) / 2 + line * _LINE_HEIGHT + 8.5
            _write(svg, text, _LABELS - 8, base, "end")
        start = y + (inner - len(chart.series) * (thick + 1.5)) / 2
        for index, (_, cells) in enumerate(chart.series):
            _bar(svg, cells[place], zero, scale, start + index * (thick + 1.5), thick, _colour(index))
        y += inner + 6
    _add(svg, "line", x1=zero, y1=top - 2, x2=zero, y2=y - 4, stroke=MUTED, stroke_width=0.75)
    svg.set("viewBox", f"0 0 {WIDTH:g} {y:g}")
    svg.set("height", f"{y:g}pt")
    return svg


def _bar(svg: ET.Element, cell: Cell, zero: float, scale: float, y: float, thick: float, fill: str) -> None:
    number = number_of(cell)
    text = text_of(cell)
    if number is None:
        _write(svg, text, zero + 4, y + thick - 2, fill=MUTED)
        return
    length = abs(number) * scale
    _add(
        svg,
        "rect",
        x=zero - (length if number < 0 else 0),
        y=y,
        width=max(length, 0.5),
        height=thick,
        fill=fill,
    )
    if number < 0:
        _write(svg, text, zero - length - 4, y + thick - 2, "end")
    else:
        _write(svg, text, zero + length + 4, y + thick - 2)


def _step(span: float) -> float:
    """A round step that gives four to eight lines over a span."""
    raw = span / 5
    power = 10.0 ** math.floor(math.log10(raw))
    return next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= raw)


def _tick(value: float, step: float, percent: bool) -> str:
    digits = max(0, -math.floor(math.log10(step * (100 if percent else 1)) + 1e-9))
    digits += 0 if f"{step:e}"[2:3] != "5" or f"{step:e}"[0] != "2" else 1
    return text_of(Percent(value, digits)) if percent else text_of(Decimal(f"{value:.{digits}f}"))


def _lines(chart: Chart) -> ET.Element:
    numbers = _numbers(chart) or [0.0]
    low, high = min(0.0, *numbers), max(0.0, *numbers)
    step = _step((high - low) or 1)
    low, high = math.floor(low / step + 1e-9) * step, max(math.ceil(high / step - 1e-9) * step, low + step)
    svg = _svg(0)
    top = _legend(svg, chart, 0.0) + 12
    height, left, right = 170.0, 46.0, WIDTH - 26
    count = max(1, len(chart.categories) - 1)
    xs = [left + 20 + (right - left - 30) * i / count for i in range(len(chart.categories))]
    for number in range(round((high - low) / step) + 1):
        value = low + number * step
        y = top + height * (1 - (value - low) / (high - low))
        _add(
            svg,
            "line",
            x1=left,
            y1=y,
            x2=right,
            y2=y,
            stroke=MUTED if abs(value) < step / 9 else LINE,
            stroke_width=0.75,
        )
        _write(svg, _tick(value, step, chart.is_percent), left - 6, y + 3, "end", MUTED)
    bottom = _category_words(svg, chart, xs, top + height + 13)
    for index, (_, cells) in enumerate(chart.series):
        ys = [
            None if (n := number_of(c)) is None else top + height * (1 - (n - low) / (high - low))
            for c in cells
        ]
        _line(svg, index, cells, xs, ys, few=len(chart.series) * len(xs) <= 24)
    svg.set("viewBox", f"0 0 {WIDTH:g} {bottom:g}")
    svg.set("height", f"{bottom:g}pt")
    return svg


def _category_words(svg: ET.Element, chart: Chart, xs: list[float], y: float) -> float:
    gap = xs[1] - xs[0] if len(xs) > 1 else WIDTH - 80
    every = max(1, math.ceil(44 / gap))
    most = 1
    for index in range(0, len(xs), every):
        words = _wrap(chart.categories[index], gap * every - 4, 3)
        most = max(most, len(words))
        for line, text in enumerate(words):
            _write(svg, text, xs[index], y + line * _LINE_HEIGHT, "middle")
    return y + most * _LINE_HEIGHT


def _line(
    svg: ET.Element,
    index: int,
    cells: Sequence[Cell],
    xs: list[float],
    ys: list[float | None],
    *,
    few: bool,
) -> None:
    dash = ("", "6 3", "2 3")[index % 3]
    points = list(zip(xs, ys, strict=True))
    for (x1, y1), (x2, y2) in pairwise(points):
        if y1 is not None and y2 is not None:
            _add(
                svg,
                "line",
                x1=x1,
                y1=y1,
                x2=x2,
                y2=y2,
                stroke=_colour(index),
                stroke_width=1.75,
                stroke_dasharray=dash,
            )
    for (x, y), cell in zip(points, cells, strict=True):
        if y is not None:
            _mark(svg, "line", index, x, y)
            if few:
                _write(svg, text_of(cell), x, y - 6 if index % 2 == 0 else y + 13, "middle")
        elif kind_of(cell) == "hidden" and few:
            _write(svg, text_of(cell), x, 20.0 + index * _LINE_HEIGHT, "middle", MUTED)
