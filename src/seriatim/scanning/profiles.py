"""Scanners: what they put around codes, and what they send for a separator. A user's own, else that of the site."""

from dataclasses import asdict

from seriatim.accounts.models import User
from seriatim.accounts.preferences import prefer, preferences
from seriatim.catalog.fields import separator, sign
from seriatim.catalog.models import Site
from seriatim.catalog.services import change_site
from seriatim.scanning.values import ANY_SCANNER, Profile

KEY = "scanner"


def profile_of(user: User) -> Profile:
    """The user's scanner, as it was last tried; the site's if theirs was not."""
    return own_profile(user) or site_profile()


def own_profile(user: User) -> Profile | None:
    """The user's own scanner; None if none was tried."""
    said = preferences(user=user, keys=[KEY]).get(KEY)
    if not isinstance(said, dict):
        return None
    texts = {name: str(said.get(name, "")) for name in ("prefix", "suffix", "separator")}
    return Profile(**texts, sends_separators=said.get("sends_separators") is True)


def site_profile() -> Profile:
    """The scanners of the site; any scanner where nothing is said of them."""
    row = Site.objects.only(*(f"scanner_{name}" for name in asdict(ANY_SCANNER))).get()
    return Profile(**{name: getattr(row, f"scanner_{name}") for name in asdict(ANY_SCANNER)})


def keep_profile(*, user: User, profile: Profile) -> None:
    """Keep how the user's scanner sends what it reads. Refuses with Invalid what no scanner sends."""
    sign("prefix")(profile.prefix)
    sign("suffix")(profile.suffix)
    separator("separator")(profile.separator)
    prefer(user=user, key=KEY, value=asdict(profile))


def forget_profile(*, user: User) -> None:
    """The user's scans are read as the site's scanners send them."""
    prefer(user=user, key=KEY, value=None)


def keep_site_profile(*, user: User, profile: Profile) -> None:
    """Keep how the site's scanners send what they read. Refuses with NotPermitted, and as ``keep_profile``."""
    said = {f"scanner_{name}": value for name, value in asdict(profile).items()}
    change_site(user=user, **said)
