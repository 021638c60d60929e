"""Tokens: made, shown once, recognised, held to their scopes, listed and revoked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from seriatim.accounts import people, services, tokens
from seriatim.accounts.models import Change, Token, User
from seriatim.accounts.roles import RIGHTS
from seriatim.accounts.scopes import SCOPES
from seriatim.kernel.refusals import Invalid, NotFound, NotPermitted
from tests.support.cast import Cast


def make(cast: Cast, *scopes: str, **more: object) -> tokens.NewToken:
    facts = {"by": cast.manager, "user": cast.manager, "name": "The web shop", **more}
    return tokens.create_token(scopes=scopes or ["read"], **facts)  # type: ignore[arg-type]


def test_a_token_is_recognised_by_its_secret_which_is_kept_nowhere(cast: Cast) -> None:
    made = make(cast, "read", "documents")
    assert made.secret.startswith("srt_")
    assert len(made.secret) > 40
    row = Token.objects.get()
    assert made.secret not in "".join(str(value) for value in vars(row).values())
    assert made.secret.startswith(row.prefix)
    bearer = tokens.bearer_of(made.secret)
    assert bearer is not None
    assert (bearer.user, bearer.token_id, bearer.scopes) == (cast.manager, row.pk, ("read", "documents"))


@pytest.mark.parametrize("scope", SCOPES)
def test_a_token_may_what_its_scopes_let_through_and_its_user_may(cast: Cast, scope: str) -> None:
    for person in (cast.viewer, cast.operator, cast.admin):
        made = make(cast, scope, by=cast.admin, user=person)
        bearer = tokens.bearer_of(made.secret)
        assert bearer is not None
        may = {right for right in RIGHTS if services.may(bearer.user, right)}
        assert may == {right for right in SCOPES[scope].rights if services.may(person, right)}


def test_a_refusal_says_which_scope_is_missing(cast: Cast) -> None:
    bearer = tokens.bearer_of(make(cast, "read").secret)
    assert bearer is not None
    with pytest.raises(NotPermitted) as refused:
        services.require(bearer.user, "receive")
    assert refused.value.facts == {"right": "receive", "user": "manager", "scope": "documents"}


@pytest.mark.parametrize("secret", ["", "srt_", "srt_nonsense", "nonsense", "srt_\ud800", "srt_\x00"])
def test_what_is_no_token_opens_nothing(cast: Cast, secret: str) -> None:
    make(cast)
    assert tokens.bearer_of(secret) is None


def test_a_prefix_opens_nothing(cast: Cast) -> None:
    made = make(cast)
    assert tokens.bearer_of(made.token.prefix) is None
    assert tokens.bearer_of(made.secret + " ") is None


def test_a_revoked_token_is_no_good_and_twice_is_once(cast: Cast) -> None:
    made = make(cast)
    tokens.revoke_token(by=cast.manager, token_id=made.token.id)
    tokens.revoke_token(by=cast.admin, token_id=made.token.id)
    assert tokens.bearer_of(made.secret) is None
    [known] = tokens.tokens_of(by=cast.manager, user=cast.manager)
    assert (known.state, known.revoked_by) == ("revoked", "manager")
    assert [change.field for change in Change.objects.filter(subject="token")] == ["token", "revoked"]


def test_a_token_ends_with_its_time_and_with_its_user(cast: Cast) -> None:
    made = make(cast, expires_at=timezone.now() + timedelta(days=1))
    assert tokens.bearer_of(made.secret) is not None
    row = Token.objects.get()
    row.created_at = timezone.now() - timedelta(days=2)
    row.expires_at = timezone.now() - timedelta(days=1)
    row.save()
    assert tokens.bearer_of(made.secret) is None
    assert tokens.tokens_of(by=cast.manager, user=cast.manager)[0].state == "expired"
    other = make(cast)
    people.set_active(by=cast.admin, user=cast.manager, active=False)
    assert tokens.bearer_of(other.secret) is None
    assert {one.state for one in tokens.all_tokens(by=cast.admin)} == {"expired", "shut out"}


def test_use_is_noted_to_within_minutes_not_by_every_request(cast: Cast) -> None:
    made = make(cast)
    tokens.bearer_of(made.secret)
    first = Token.objects.get().last_used_at
    assert first is not None
    tokens.bearer_of(made.secret)
    assert Token.objects.get().last_used_at == first
    Token.objects.update(last_used_at=first - tokens.NOTED_EVERY * 2)
    tokens.bearer_of(made.secret)
    noted = Token.objects.get().last_used_at
    assert noted is not None
    assert noted >= first


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("name", {"name": " "}),
        ("name", {"name": "x" * 101}),
        ("name", {"name": "a\x00b"}),
        ("scopes", {"scopes": []}),
        ("scopes", {"scopes": ["read", "fly"]}),
        ("expires_at", {"expires_at": timezone.now() - timedelta(days=1)}),
    ],
)
def test_what_cannot_be_a_token_is_refused_by_field(cast: Cast, field: str, more: dict[str, object]) -> None:
    facts = {"by": cast.manager, "user": cast.manager, "name": "x", "scopes": ["read"], **more}
    with pytest.raises(Invalid) as refused:
        tokens.create_token(**facts)  # type: ignore[arg-type]
    assert refused.value.facts["field"] == field
    assert not Token.objects.exists()


def test_the_console_has_no_tokens(cast: Cast) -> None:
    with pytest.raises(Invalid):
        make(cast, by=cast.admin, user=people.console_user())


def test_only_an_administrator_handles_tokens_of_others(cast: Cast) -> None:
    made = make(cast)
    with pytest.raises(NotPermitted):
        make(cast, by=cast.operator)
    with pytest.raises(NotPermitted):
        tokens.tokens_of(by=cast.operator, user=cast.manager)
    with pytest.raises(NotPermitted):
        tokens.all_tokens(by=cast.manager)
    for token in (made.token.id, made.token.id + 1):
        with pytest.raises(NotFound):
            tokens.revoke_token(by=cast.operator, token_id=token)
    assert len(tokens.tokens_of(by=cast.admin, user=cast.manager)) == 1
    make(cast, by=cast.admin)


def acting(made: tokens.NewToken) -> User:
    bearer = tokens.bearer_of(made.secret)
    assert bearer is not None
    return bearer.user


def test_no_token_makes_another_one(cast: Cast) -> None:
    program = acting(make(cast, "administer", by=cast.admin, user=cast.admin))
    for whom in (program, cast.viewer):
        with pytest.raises(NotPermitted):
            make(cast, by=program, user=whom)


def test_a_token_sees_those_of_its_user_and_ends_itself_only(cast: Cast) -> None:
    mine, other, foreign = make(cast), make(cast, *SCOPES), make(cast, by=cast.admin, user=cast.viewer)
    program = acting(mine)
    assert [one.id for one in tokens.tokens_of(by=program, user=program)] == [other.token.id, mine.token.id]
    with pytest.raises(NotPermitted) as refused:
        tokens.revoke_token(by=program, token_id=other.token.id)
    assert refused.value.facts["scope"] == "administer"
    # With the scope, but without the right of its user.
    with pytest.raises(NotPermitted):
        tokens.revoke_token(by=acting(other), token_id=mine.token.id)
    for act in (tokens.revoke_token, tokens.token):
        with pytest.raises(NotFound):
            act(by=program, token_id=foreign.token.id)
    tokens.revoke_token(by=program, token_id=mine.token.id)
    assert tokens.bearer_of(mine.secret) is None


def test_a_token_that_may_administer_ends_any(cast: Cast) -> None:
    ruler = acting(make(cast, "administer", by=cast.admin, user=cast.admin))
    foreign = make(cast)
    assert tokens.token(by=ruler, token_id=foreign.token.id).name == "The web shop"
    tokens.revoke_token(by=ruler, token_id=foreign.token.id)
    assert tokens.tokens_of(by=ruler, user=cast.manager)[0].revoked_by == "admin"
