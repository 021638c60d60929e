"""Why a copy is not taken or not put back."""

from seriatim.kernel.refusals import Refusal


class FileUnusable(Refusal):
    """The file cannot be read or written (``name``, ``reason``)."""

    code = "file_unusable"


class BackupForeign(Refusal):
    """The file is not a backup of this program, or its end is missing (``name``)."""

    code = "backup_foreign"


class BackupDamaged(Refusal):
    """The file is a backup, but not as it was written (``name``)."""

    code = "backup_damaged"


class BackupOtherEngine(Refusal):
    """The backup is of another database engine (``theirs``) than this site's (``ours``)."""

    code = "backup_other_engine"


class BackupNewer(Refusal):
    """The backup was made by a newer version of the program (``name``)."""

    code = "backup_newer"


class DatabaseNotEmpty(Refusal):
    """The database holds work, which a restore would replace (``name``)."""

    code = "database_not_empty"


class DatabaseInUse(Refusal):
    """Another process has the database open (``name``)."""

    code = "database_in_use"


class ProgramMissing(Refusal):
    """A program of PostgreSQL (``program``) is missing or older than the server (``version``)."""

    code = "program_missing"


class ProgramFailed(Refusal):
    """A program of PostgreSQL (``program``) gave up (``reason``); nothing was changed."""

    code = "program_failed"


BACKUP_REFUSALS = (
    FileUnusable,
    BackupForeign,
    BackupDamaged,
    BackupOtherEngine,
    BackupNewer,
    DatabaseNotEmpty,
    DatabaseInUse,
    ProgramMissing,
    ProgramFailed,
)
