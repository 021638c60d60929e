"""Short public names of units: there and back, one each, and of no use without the secret."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from seriatim.kernel.short_keys import LENGTH, key_named, short_name

SECRET, OTHER = b"s" * 32, b"t" * 32


@given(st.uuids(), st.binary(min_size=16, max_size=64))
def test_a_name_leads_back_to_its_key(key: UUID, secret: bytes) -> None:
    name = short_name(key, secret)
    assert len(name) == LENGTH
    assert name.isalnum()
    assert name == name.lower()
    assert key_named(name, secret) == key_named(name.upper(), secret) == key


def test_names_stay_what_they_are() -> None:
    """They stand on labels: a change of the way they are made would turn every one of these into waste."""
    assert short_name(UUID(int=1), SECRET) == "bzajnbid2hu266ogpaymkcr6tq"
    assert short_name(UUID(int=2**128 - 1), SECRET) == "7bolrugytlsh5x6pwrzcohlduq"


def test_neighbours_are_no_neighbours_and_secrets_matter() -> None:
    names = {short_name(UUID(int=number), SECRET) for number in range(1_000)}
    assert len(names) == 1_000
    assert len({name[:5] for name in names}) > 990
    assert short_name(UUID(int=1), SECRET) != short_name(UUID(int=1), OTHER)
    assert key_named(short_name(UUID(int=1), SECRET), OTHER) != UUID(int=1)


@given(st.text(max_size=30))
def test_what_is_no_name_is_none(text: str) -> None:
    key = key_named(text, SECRET)
    assert key is None or short_name(key, SECRET) == text.lower()


def test_a_key_has_one_name_only() -> None:
    name = short_name(UUID(int=7), SECRET)
    others = [name[:-1] + last for last in "abcdefghijklmnopqrstuvwxyz234567" if last != name[-1]]
    assert UUID(int=7) not in {key_named(other, SECRET) for other in others}
