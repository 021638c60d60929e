"""Each user's scanner: what it puts around codes, and what it sends for a separator."""

from seriatim.accounts.models import User
from seriatim.accounts.preferences import prefer, preferences
from seriatim.kernel.refusals import Invalid
from seriatim.scanning.values import ANY_SCANNER, Profile

KEY = "scanner"
_LONGEST = 20


def profile_of(user: User) -> Profile:
    """The user's scanner, as it was last tried; any scanner if none was."""
    said = preferences(user=user, keys=[KEY]).get(KEY)
    if not isinstance(said, dict):
        return ANY_SCANNER
    texts = {name: str(said.get(name, "")) for name in ("prefix", "suffix", "separator")}
    return Profile(**texts, sends_separators=said.get("sends_separators") is True)


def keep_profile(*, user: User, profile: Profile) -> None:
    """Keep how the user's scanner sends what it reads. Refuses with Invalid what no scanner sends."""
    for name in ("prefix", "suffix", "separator"):
        value = getattr(profile, name)
        if len(value) > _LONGEST:
            raise Invalid(field=name, value=value[:_LONGEST], reason=f"longer than {_LONGEST} characters")
        if "\0" in value:
            raise Invalid(field=name, reason="has characters that cannot be seen")
    if profile.separator.isalnum():
        # Any serial number may contain a letter or a figure.
        raise Invalid(
            field="separator", value=profile.separator, reason="letters and figures stand in values too"
        )
    if profile == ANY_SCANNER:
        prefer(user=user, key=KEY, value=None)
        return
    prefer(
        user=user,
        key=KEY,
        value={
            "prefix": profile.prefix,
            "suffix": profile.suffix,
            "separator": profile.separator,
            "sends_separators": profile.sends_separators,
        },
    )
