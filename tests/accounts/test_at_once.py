"""Two at the same moment: one code opens once, one edit wins, and of two administrators one stays."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from seriatim.accounts import own_roles, people, second_factor, services
from seriatim.accounts.asking import count_one
from seriatim.accounts.models import User
from seriatim.accounts.versions import version_of
from seriatim.catalog.models import Item
from seriatim.catalog.services import change_item
from seriatim.kernel.refusals import ChangedMeanwhile, Invalid, NotPermitted
from tests.accounts.test_second_factor import code_of, switched_on
from tests.support.cast import Cast
from tests.support.threads import in_threads

#: One name, as often as there are threads.
CASES = ("counter", "Counter", "COUNTER", "couNter")


def kinds(answers: Sequence[object]) -> list[str]:
    return sorted(type(one).__name__ for one in answers)


def test_a_code_that_is_sent_by_many_at_once_opens_once(real_cast: Cast) -> None:
    secret, codes = switched_on(real_cast.manager)
    later = code_of(secret, steps=1)
    for code in (later, codes[0]):
        answers = in_threads(
            6,
            lambda _n, code=code: second_factor.check(  # type: ignore[misc]
                user=User.objects.get(username="manager"), code=code
            ),
        )
        assert [one for one in answers if isinstance(one, BaseException)] == []
        assert sum(one is not None for one in answers) == 1


def test_two_phones_are_not_set_up_at_once(real_cast: Cast) -> None:
    secrets = [second_factor.new_secret() for _ in range(4)]
    answers = in_threads(
        4,
        lambda n: second_factor.switch_on(
            user=User.objects.get(username="manager"), secret=secrets[n], code=code_of(secrets[n])
        ),
    )
    assert kinds(answers) == ["Invalid", "Invalid", "Invalid", "tuple"]


def test_of_many_who_save_the_same_version_one_does(real_cast: Cast) -> None:
    cast = real_cast
    seen = version_of("item", cast.phone.pk)
    answers = in_threads(
        4, lambda n: change_item(user=cast.manager, item=cast.phone, seen=seen, name=f"Phone {n}")
    )
    assert kinds(answers) == ["ChangedMeanwhile", "ChangedMeanwhile", "ChangedMeanwhile", "Item"]
    won = next(n for n, one in enumerate(answers) if isinstance(one, Item))
    assert Item.objects.get(pk=cast.phone.pk).name == f"Phone {won}"
    seen = version_of("user", cast.viewer.pk)
    names = in_threads(
        4, lambda n: people.change_user(by=cast.admin, user=cast.viewer, seen=seen, name=f"V {n}")
    )
    assert sum(isinstance(one, ChangedMeanwhile) for one in names) == 3


def test_of_two_administrators_who_take_each_others_role_one_stays(real_cast: Cast) -> None:
    services.set_roles(by=real_cast.admin, user=real_cast.manager, roles=["administrator"])
    pair = ("admin", "manager")

    def take(n: int) -> None:
        by, whom = User.objects.get(username=pair[n]), User.objects.get(username=pair[1 - n])
        services.set_roles(by=by, user=whom, roles=["viewer"])

    answers = in_threads(2, take)
    assert sum(one is None for one in answers) == 1
    assert all(one is None or isinstance(one, Invalid | NotPermitted) for one in answers)
    assert User.objects.filter(groups__name="administrator").count() == 1


@pytest.mark.parametrize(
    "make",
    [
        lambda by, _n: services.create_user(by=by, username="pia", password=None, roles=["viewer"]),
        lambda by, _n: own_roles.save_role(by=by, name="counter", rights=["look"]),
        lambda by, n: services.create_user(by=by, username=CASES[n], password=None, roles=["viewer"]),
        lambda by, n: own_roles.save_role(by=by, name=CASES[n], rights=["look"]),
    ],
    ids=["user", "role", "user in other letters", "role in other letters"],
)
def test_who_makes_what_somebody_else_makes_at_the_same_moment_is_told(
    real_cast: Cast, make: Callable[[User, int], object]
) -> None:
    """By the service itself, so at every door; names that differ in letter case only are the same one."""
    answers = in_threads(4, lambda n: make(real_cast.admin, n))
    refused = [one for one in answers if isinstance(one, Invalid)]
    assert [one.facts["reason"] for one in refused] == ["taken"] * 3, answers


def test_nobody_who_asks_at_the_same_moment_is_left_uncounted(real_cast: Cast) -> None:
    answers = in_threads(6, lambda _n: [count_one("k", until=1) for _ in range(5)])
    assert sorted(count for one in answers for count in one) == list(range(1, 31))  # type: ignore[union-attr]
