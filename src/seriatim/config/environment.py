"""Reading values from environment variables. Knows their syntax, not what any of them is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"0", "false", "no", "off"})


class Environment:
    """Typed access to environment variables; a value that can't be understood stops the start with its name.

    An empty value counts as not given: compose files and unit files can't unset a variable, only empty it.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def text(self, name: str, default: str = "") -> str:
        """Return the trimmed value, or the default."""
        return self._values.get(name, "").strip() or default

    def flag(self, name: str, *, default: bool) -> bool:
        """Return a yes/no value (1/0, true/false, yes/no, on/off)."""
        value = self.text(name).lower()
        if not value:
            return default
        if value in _YES:
            return True
        if value in _NO:
            return False
        raise ImproperlyConfigured(
            f"{name} must be one of on, off, yes, no, true, false, 1, 0, not {value!r}."
        )

    def number(self, name: str, default: int, *, minimum: int, maximum: int) -> int:
        """Return a whole number within the limits."""
        value = self.text(name)
        if not value:
            return default
        try:
            number = int(value)
        except ValueError:
            raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None
        if not minimum <= number <= maximum:
            raise ImproperlyConfigured(f"{name} must be between {minimum} and {maximum}, not {number}.")
        return number

    def choice(self, name: str, default: str, choices: Sequence[str]) -> str:
        """Return one of a few words, in whatever letter case."""
        value = self.text(name, default).lower()
        if value not in choices:
            raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
        return value

    def words(self, name: str, default: Sequence[str] = ()) -> list[str]:
        """Return the parts of a comma separated list, without empty ones."""
        value = self.text(name)
        if not value:
            return list(default)
        return [part.strip() for part in value.split(",") if part.strip()]

    def folder(self, name: str, default: Path) -> Path:
        """Return a path made absolute (`~` is the user's home), so that a later change of directory is harmless."""
        value = self.text(name)
        path = Path(value) if value else default
        try:
            return path.expanduser().absolute()
        except RuntimeError:
            raise ImproperlyConfigured(f"{name}: there is no home directory for {str(path)!r}.") from None
