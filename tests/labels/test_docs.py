"""docs/labels.md speaks of what there is: refusals, media, fields, words; its example is a template."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from seriatim.labels.fields import FIELDS
from seriatim.labels.media import MEDIA
from seriatim.labels.refusals import LABEL_REFUSALS
from seriatim.labels.templates import Align, CodeType, Content, Fit, Font, read_template
from seriatim.words.labels import LABELS
from seriatim.words.telling import told

pytestmark = pytest.mark.engine_free

TEXT = (Path(__file__).parents[2] / "docs" / "labels.md").read_text(encoding="utf-8")


def test_every_refusal_is_documented_in_order_and_has_words() -> None:
    codes = [refusal.code for refusal in LABEL_REFUSALS]
    assert re.findall(r"^\| `(label_\w+|printer_\w+)` \|", TEXT, re.MULTILINE) == codes
    assert list(LABELS) == codes
    for refusal in LABEL_REFUSALS:
        said = told(refusal())
        assert said.headline
        assert said.todo
        assert "{" not in said.headline


def test_the_example_is_a_template() -> None:
    found = re.search(r"```json\n(.*?)```", TEXT, re.DOTALL)
    assert found is not None
    assert read_template("x", "X", json.loads(found[1])).medium is MEDIA["roll-57x32"]


def test_every_medium_field_and_choice_is_named() -> None:
    words = [*MEDIA, *(name for fields in FIELDS.values() for name in fields)]
    words += [choice.value for kind in (CodeType, Content) for choice in kind]
    assert [word for word in words if f"`{word}`" not in TEXT] == []
    choices = [choice.value for kind in (Align, Fit, Font) for choice in kind]
    assert [word for word in choices if word not in TEXT] == []
