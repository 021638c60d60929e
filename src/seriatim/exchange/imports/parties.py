"""Parties from a table: new codes are created, known ones changed.

Columns: code (required), name, role, email, phone, note. Several roles are joined by a plus sign, ``supplier+service_provider``: no
separator of columns. An import adds roles and takes none away: a list of suppliers says nothing of who else is a
customer. A blank cell leaves what a party has; a new one needs a name and a role.
"""

from collections.abc import Collection, Sequence

from seriatim.accounts.models import User
from seriatim.accounts.services import Changed
from seriatim.catalog import fields
from seriatim.catalog.models import Party, PartyRoleHeld
from seriatim.catalog.selectors import parties_by_code
from seriatim.exchange.imports.report import Progress, Report
from seriatim.exchange.imports.rows import BATCH, Import, Said, Work, no_progress, word
from seriatim.exchange.tables import Source

NEEDED = ("name", "role")
#: Columns that stand in the party's row as they are.
PLAIN = ("name", "email", "phone", "note")


def import_parties(
    *,
    user: User,
    source: Source,
    check_only: bool = False,
    name: str = "",
    progress: Progress = no_progress,
) -> Report:
    """Create and change parties, the whole file or nothing.

    Refuses with NotPermitted, FileUnusable, and with TableRefused, which lists every mistake of the file.
    """
    return PARTIES.run(user=user, source=source, check_only=check_only, name=name, progress=progress)


def _roles(text: str) -> frozenset[str]:
    # People write "service provider" for the code service_provider.
    names = ["_".join(word(part).split()) for part in text.split("+")]
    return frozenset(fields.role(name).value for name in names)


def _write(work: Work) -> None:
    for batch in work.batches():
        known = parties_by_code(said.code for said in batch)
        new = [said for said in batch if said.code not in known]
        for said in new:
            for column in NEEDED:
                if column not in said.values:
                    work.problems.add(said.line, column, "required")
        if work.problems.cells:
            # Nothing of the file will be kept; what is still looked for is mistakes.
            continue
        made = [Party(code=said.code, **_plain(said)) for said in new]
        work.create(made)
        _give_roles([(party, said.values["role"]) for party, said in zip(made, new, strict=True)])
        _change(work, [(known[said.code], said) for said in batch if said.code in known])


def _plain(said: Said) -> dict[str, str]:
    return {name: said.values[name] for name in PLAIN if name in said.values}


def _change(work: Work, pairs: Sequence[tuple[Party, Said]]) -> None:
    gains, told = [], []
    for party, said in pairs:
        held = {role.role for role in party.roles.all()}
        wanted = held | said.values.get("role", frozenset())
        if wanted != held:
            gains.append((party, wanted - held))
            told.append(
                Changed("party", party.pk, "roles", ", ".join(sorted(held)), ", ".join(sorted(wanted)))
            )
    _give_roles(gains)
    work.record(told)
    work.change(
        [(party, _plain(said)) for party, said in pairs],
        also={party.pk for party, _ in gains},
    )


def _give_roles(gains: Sequence[tuple[Party, Collection[str]]]) -> None:
    PartyRoleHeld.objects.bulk_create(
        (PartyRoleHeld(party=party, role=role) for party, roles in gains for role in sorted(roles)),
        batch_size=BATCH,
    )


PARTIES = Import(
    model=Party,
    one="party",
    what="parties",
    readers={
        "code": fields.code,
        "name": fields.name,
        "role": _roles,
        **{name: fields.PARTY[name] for name in PLAIN[1:]},
    },
    write=_write,
)
