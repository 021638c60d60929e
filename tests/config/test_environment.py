"""Values from the environment are read as documented, or refused by the variable's name."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from seriatim.config.environment import Environment


@pytest.mark.parametrize("word", ["on", "YES", "true", "1", " on "])
def test_yes_has_several_words(word: str) -> None:
    assert Environment({"A": word}).flag("A", default=False) is True


@pytest.mark.parametrize("word", ["off", "No", "false", "0"])
def test_no_has_several_words(word: str) -> None:
    assert Environment({"A": word}).flag("A", default=True) is False


@pytest.mark.parametrize("values", [{}, {"A": ""}, {"A": "  "}])
def test_what_is_not_given_or_empty_takes_the_default(values: dict[str, str]) -> None:
    environment = Environment(values)

    assert environment.text("A", "x") == "x"
    assert environment.flag("A", default=True) is True
    assert environment.number("A", 7, minimum=0, maximum=9) == 7
    assert environment.words("A", ["x"]) == ["x"]
    assert environment.folder("A", Path("/srv")) == Path("/srv")


def test_a_list_is_split_at_commas() -> None:
    assert Environment({"A": "a.example, b.example,,"}).words("A") == ["a.example", "b.example"]


def test_a_path_is_made_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/ada")

    assert Environment({"A": "data"}).folder("A", Path()) == tmp_path / "data"
    assert Environment({"A": "~/data"}).folder("A", Path()) == Path("/home/ada/data")


@pytest.mark.parametrize("value", ["maybe", "2"])
def test_a_flag_that_is_neither_yes_nor_no_is_refused_by_name(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"SERIATIM_X must be one of"):
        Environment({"SERIATIM_X": value}).flag("SERIATIM_X", default=False)


@pytest.mark.parametrize("value", ["ten", "1.5", "-1", "11"])
def test_a_number_that_is_none_or_out_of_bounds_is_refused_by_name(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"SERIATIM_X must be"):
        Environment({"SERIATIM_X": value}).number("SERIATIM_X", 5, minimum=0, maximum=10)
