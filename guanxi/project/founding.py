"""The tables of an empty database, straight from the models.

Migrations one after the other take a minute, since each step looks at two hundred models again; made at once the same
tables take seconds.  A test compares both ways on both databases.
"""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


class _Aside:
    """Stands for MIGRATION_MODULES: no app has migrations."""

    def __contains__(self, _app: str) -> bool:
        return True

    def __getitem__(self, _app: str) -> None:
        return None


def is_empty() -> bool:
    """Whether no migration has been applied: nobody has worked with this database."""
    return not MigrationRecorder(connection).applied_migrations()


def found() -> None:
    """Make every table and note all migrations as applied.  Stopped in between and called again, it makes what is lacking."""
    known = settings.MIGRATION_MODULES
    settings.MIGRATION_MODULES = _Aside()
    try:
        call_command("migrate", run_syncdb=True, interactive=False, verbosity=0)
    finally:
        settings.MIGRATION_MODULES = known
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    there = MigrationLoader(connection).disk_migrations
    names = {one for name, migration in there.items() for one in (name, *migration.replaces)}
    recorder.migration_qs.bulk_create(recorder.Migration(app=app, name=name) for app, name in sorted(names))
