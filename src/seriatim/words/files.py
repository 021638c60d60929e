"""The words for refusals of files: backups (``exchange.backup_refusals``), tables (``exchange.table_refusals``)."""

from django.utils.translation import gettext_lazy as _

from seriatim.words.wording import Words

FILES: dict[str, Words] = {
    "table_refused": Words(
        whole=(_("{name} has mistakes ({count}). Nothing was changed."), _("The table has mistakes.")),
        case=(
            _("Line {line}, {column}: “{value}”: {reason}."),
            _("Line {line}, {column}: {reason}."),
            _("Line {line}: {reason}."),
            _("{column}: {reason}."),
            _("{reason}."),
            _("{note}"),
        ),
        todo=_("Mend the file and import it again."),
    ),
    "file_unusable": Words(
        whole=(_("{name} can’t be read or written: {reason}."), _("The file can’t be read or written.")),
        case=(_("{note}"),),
        todo=_(
            "Take a file of the kind that is wanted; if it is one, check its permissions and the space on the disk."
        ),
    ),
    "backup_foreign": Words(
        whole=(_("{name} is not a backup of Seriatim, or its end is missing."),),
        case=(_("{note}"),),
        todo=_("Nothing was changed. Take a file that “seriatim backup” wrote, whole."),
    ),
    "backup_damaged": Words(
        whole=(_("{name} is damaged: it is not as it was written."),),
        case=(_("{note}"),),
        todo=_("Nothing was changed. Take another backup."),
    ),
    "backup_other_engine": Words(
        whole=(_("{name} is a backup of a {theirs} database, and this site’s is {ours}."),),
        case=(_("{note}"),),
        todo=_("Nothing was changed. Restore it to a site on the same engine."),
    ),
    "backup_newer": Words(
        whole=(_("{name} was made by a newer version of Seriatim."),),
        case=(_("{note}"),),
        todo=_("Nothing was changed. Bring the program up to date first."),
    ),
    "database_not_empty": Words(
        whole=(_("The database {name} holds work, which a restore would replace."),),
        case=(_("{note}"),),
        todo=_("Nothing was changed. Use --force if that is what you want."),
    ),
    "database_in_use": Words(
        whole=(_("Another program has the database {name} open."),),
        case=(_("{note}"),),
        todo=_("Nothing was changed. Stop the server first."),
    ),
    "program_missing": Words(
        whole=(
            _("{program} of version {version} or newer is needed, as the server is; there is only {found}."),
            _("{program} of version {version} or newer is needed, as the server is; there is none."),
        ),
        case=(_("{note}"),),
        todo=_("Install PostgreSQL’s client programs, or name their directory in SERIATIM_PG_BIN."),
    ),
    "program_failed": Words(
        whole=(_("{program} gave up: {reason}"), _("{program} gave up.")),
        case=(_("{note}"),),
        todo=_("Nothing was changed."),
    ),
}
