"""How a database is copied consistently while people write, brought back beside the real one, and put in its place."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

from django.db import connections
from django.db.utils import load_backend
from django.utils.translation import gettext as _

from guanxi.audit.backups.crypt import BackupError
from guanxi.kernel import clock

Counts = dict[str, int]
Heads = list[tuple[int, int, str]]
HEADS = "SELECT lane, seq, mac FROM audit_lanehead WHERE seq > 0 ORDER BY lane"
SCRATCH = "backup_scratch"


class Engine(Protocol):
    """`settings` is Django's description of one database."""

    name: str

    def dump(self, target: Path) -> tuple[Counts, Heads]:
        """Copy one moment of the database into a file; rows per table and ends of the audit lanes at that very moment."""

    def load(self, dump: Path) -> dict[str, Any]:
        """Bring a copy to life beside the real database; returns its settings."""

    def counts(self, settings: dict[str, Any]) -> Counts: ...
    def drop(self, settings: dict[str, Any]) -> None: ...
    def is_empty(self) -> bool: ...

    def swap(self, settings: dict[str, Any]) -> str:
        """Put the loaded copy in the place of the real database; returns where the old one is kept, if there was one."""


def engine_of(settings: dict[str, Any]) -> Engine:
    return Postgres(settings) if settings["ENGINE"].endswith("postgresql") else Sqlite(settings)


@contextmanager
def alias(settings: dict[str, Any]) -> Iterator[str]:
    """Django reaches the database under this alias for the time of the block."""
    described = {**connections.settings["default"], **settings}
    made = load_backend(described["ENGINE"]).DatabaseWrapper(described, SCRATCH)
    connections[SCRATCH] = made
    try:
        yield SCRATCH
    finally:
        made.close()
        del connections[SCRATCH]


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


class Sqlite:
    name = "sqlite"

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings, self.file = settings, Path(str(settings["NAME"]))

    def dump(self, target: Path) -> tuple[Counts, Heads]:
        """In one step from an open read transaction: it holds up no writer and is never started anew by one."""
        if not self.file.is_file():
            raise BackupError(_("There is no database file %(file)s.") % {"file": self.file})
        with closing(sqlite3.connect(self.file.as_uri() + "?mode=ro", uri=True)) as source:
            source.isolation_level = None
            source.execute("BEGIN")
            counts, heads = _sqlite_counts(source), source.execute(HEADS).fetchall()
            with closing(sqlite3.connect(target)) as copy:
                source.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a companion
        return counts, heads

    def load(self, dump: Path) -> dict[str, Any]:
        with closing(sqlite3.connect(dump)) as copy:
            found = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise BackupError(_("The restored database is damaged: %(error)s.") % {"error": found})
        return {**self.settings, "NAME": str(dump)}

    def counts(self, settings: dict[str, Any]) -> Counts:
        with closing(sqlite3.connect(settings["NAME"])) as copy:
            return _sqlite_counts(copy)

    def drop(self, settings: dict[str, Any]) -> None:
        pass  # it lies in the working folder and goes with it

    def is_empty(self) -> bool:
        return not self.file.exists() or self.file.stat().st_size == 0

    def swap(self, settings: dict[str, Any]) -> str:
        old = self.file.with_name(f"{self.file.name}.before-{clock.now():%Y%m%d-%H%M%S-%f}")
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(settings["NAME"])) as copy:
            copy.execute("PRAGMA journal_mode=DELETE")  # no companion file may stay behind
        arriving = self.file.with_name(self.file.name + ".arriving")
        shutil.move(settings["NAME"], arriving)  # the slow part, when it is another disk
        arriving.chmod(0o600)
        if existed := self.file.exists():
            with closing(sqlite3.connect(self.file)) as live:
                live.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self.file.rename(old)
        for end in ("-wal", "-shm"):
            self.file.with_name(self.file.name + end).unlink(missing_ok=True)
        arriving.replace(self.file)
        return str(old) if existed else ""


def _sqlite_counts(connection: sqlite3.Connection) -> Counts:
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    )
    return {
        name: connection.execute(f"SELECT count(*) FROM {quoted(name)}").fetchone()[0]  # noqa: S608
        for (name,) in names.fetchall()
    }


class Postgres:
    name = "postgresql"

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings

    def _connect(self, database: str) -> Any:
        import psycopg

        known = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
        given: dict[str, Any] = {key: self.settings[name] for key, name in known.items() if self.settings.get(name)}
        given |= {key: value for key, value in self.settings.get("OPTIONS", {}).items() if isinstance(value, str)}
        try:
            return psycopg.connect(dbname=database, autocommit=True, **given)
        except psycopg.OperationalError as error:
            raise BackupError(_("PostgreSQL does not answer: %(error)s.") % {"error": str(error).strip()}) from error

    def _tool(self, name: str, *args: str) -> None:
        if shutil.which(name) is None:
            raise BackupError(_("%(tool)s is missing: install PostgreSQL's client programs.") % {"tool": name})
        names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
        env = {
            **os.environ,
            **{key: str(self.settings[n]) for key, n in names.items() if self.settings.get(n)},
        }
        env |= {f"PG{k.upper()}": v for k, v in self.settings.get("OPTIONS", {}).items() if k.startswith("ssl")}
        done = subprocess.run([name, *args], env=env, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise BackupError(_("%(tool)s failed: %(error)s") % {"tool": name, "error": done.stderr.strip()[-500:]})

    def dump(self, target: Path) -> tuple[Counts, Heads]:
        """pg_dump and the row counts look at the same exported snapshot."""
        database = self.settings["NAME"]
        with self._connect(database) as source:
            source.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            snapshot = source.execute("SELECT pg_export_snapshot()").fetchone()[0]
            counts, heads = _postgres_counts(source), source.execute(HEADS).fetchall()
            self._tool(
                "pg_dump", "--format=custom", "--compress=0", "--no-owner", "--no-privileges",
                f"--snapshot={snapshot}", f"--file={target}", f"--dbname={database}",
            )  # fmt: skip
        return counts, heads

    def load(self, dump: Path) -> dict[str, Any]:
        name = f"{self.settings['NAME'][:36]}_restore_{os.getpid()}"
        self._admin(f"DROP DATABASE IF EXISTS {quoted(name)}")
        self._admin(f"CREATE DATABASE {quoted(name)} TEMPLATE template0 ENCODING 'UTF8'")
        try:
            self._tool(
                "pg_restore",
                "--no-owner",
                "--no-privileges",
                "--exit-on-error",
                f"--dbname={name}",
                str(dump),
            )
        except BackupError:
            self._admin(f"DROP DATABASE {quoted(name)}")
            raise
        return {**self.settings, "NAME": name}

    def counts(self, settings: dict[str, Any]) -> Counts:
        with self._connect(settings["NAME"]) as copy:
            return _postgres_counts(copy)

    def drop(self, settings: dict[str, Any]) -> None:
        self._admin(f"DROP DATABASE IF EXISTS {quoted(settings['NAME'])}")

    def _admin(self, statement: str) -> None:
        import psycopg

        with self._connect("postgres") as server:
            try:
                server.execute(statement)
            except psycopg.errors.InsufficientPrivilege as error:
                raise BackupError(
                    _("To prove a backup the database user must be allowed to make a database (ALTER ROLE … CREATEDB).")
                ) from error
            except psycopg.errors.ObjectInUse as error:
                raise BackupError(_("The database is in use. Stop Guanxi first.")) from error

    def is_empty(self) -> bool:
        with self._connect("postgres") as server:
            known = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.settings["NAME"]]).fetchone()
        if known is None:
            return True
        with self._connect(self.settings["NAME"]) as target:
            return not _postgres_counts(target)

    def swap(self, settings: dict[str, Any]) -> str:
        name, old = self.settings["NAME"], f"{self.settings['NAME'][:36]}_before_{clock.now():%y%m%d%H%M%S}"
        with self._connect("postgres") as server:
            existed = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None
        if existed:
            self._admin(f"ALTER DATABASE {quoted(name)} RENAME TO {quoted(old)}")
        self._admin(f"ALTER DATABASE {quoted(settings['NAME'])} RENAME TO {quoted(name)}")
        return old if existed else ""


def _postgres_counts(connection: Any) -> Counts:
    found = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    ).fetchall()
    return {
        name: connection.execute(f"SELECT count(*) FROM public.{quoted(name)}").fetchone()[0]  # noqa: S608
        for (name,) in found
    }
