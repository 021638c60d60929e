"""What a template looks like while it is arranged: an SVG whose elements can be told apart, and what is wrong. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from seriatim.kernel.refusals import Refusal
from seriatim.labels.layout import (
    MM_PER_PT,
    Drawn,
    DrawnBox,
    DrawnCode,
    DrawnText,
    LabelProblem,
    Surroundings,
    lay_out_element,
)
from seriatim.labels.templates import Template


@dataclass(frozen=True, slots=True)
class Preview:
    """The picture, and for each element that cannot be drawn its number (from 1) and the refusal."""

    svg: str
    problems: list[tuple[int, Refusal]]


def preview(template: Template, facts: Mapping[str, str], around: Surroundings) -> Preview:
    """The label as it would be printed; an element that can't be is an empty box of the class ``bad``.

    The SVG has presentation attributes only: a strict content policy lets it through.
    """
    parts, problems = [], []
    for number, element in enumerate(template.elements, start=1):
        wrong = ""
        try:
            shapes = lay_out_element(element, template.subject, facts, around)
        except LabelProblem as problem:
            shapes, wrong = [], " bad"
            problems.append((number, problem.refusal([problem.case])))
        drawn = "".join(map(_shape, shapes))
        box = f'x="{element.x_mm:g}" y="{element.y_mm:g}" width="{element.width_mm:g}" height="{element.height_mm:g}"'
        parts.append(f'<g data-element="{number}">{drawn}<rect class="box{wrong}" {box}/></g>')
    width, height = f"{template.width_mm:g}", f"{template.height_mm:g}"
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="label-picture" viewBox="0 0 {width} {height}">'
        f'<rect class="paper" width="{width}" height="{height}" fill="#fff"/>{"".join(parts)}</svg>'
    )
    return Preview(svg, problems)


def _shape(shape: Drawn) -> str:
    match shape:
        case DrawnText():
            return (
                f'<text class="{shape.font.value}" x="{shape.x_mm:.3f}" y="{shape.baseline_mm:.3f}" '
                f'font-size="{shape.size_pt * MM_PER_PT:.3f}" textLength="{shape.width_mm:.3f}" '
                f'lengthAdjust="spacingAndGlyphs" xml:space="preserve">{escape(shape.text)}</text>'
            )
        case DrawnCode():
            bar = f"{shape.height_mm / shape.module_mm:.3f}" if shape.matrix.type.is_linear else "1"
            path = "".join(f"M{x} {y}h{count}v{bar}h-{count}z" for x, y, count in shape.matrix.runs())
            move = f"translate({shape.x_mm:.4f} {shape.y_mm:.4f}) scale({shape.module_mm:.5f})"
            return f'<path transform="{move}" d="{path}"/>'
        case DrawnBox():
            line = shape.line_mm
            frame = f' fill="none" stroke="#000" stroke-width="{line:g}"' if line else ""
            return (
                f'<rect x="{shape.x_mm + line / 2:g}" y="{shape.y_mm + line / 2:g}" '
                f'width="{shape.width_mm - line:g}" height="{shape.height_mm - line:g}"{frame}/>'
            )
