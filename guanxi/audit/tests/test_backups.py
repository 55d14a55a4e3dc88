"""A backup counts only when it has been restored; a damaged one says what is wrong and replaces nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections

from guanxi.audit import anchor, backups, chain, guards, jobs, keys
from guanxi.audit.backups import crypt
from guanxi.audit.backups.databases import alias
from guanxi.audit.models import BackupRecord, Entry
from guanxi.audit.tests.conftest import save_field
from guanxi.kernel.models import Company, ExtraField

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("SEC-06")]


@pytest.fixture
def filled(company: Company) -> Path:
    """Nine fields with their trail, and two uploads; returns the uploads' folder."""
    for number in range(9):
        save_field(company, f"field{number}")
    media = Path(settings.MEDIA_ROOT)
    (media / "2026").mkdir(parents=True)
    (media / "2026" / "合同.pdf").write_bytes(b"%PDF" + os.urandom(3 << 20))
    (media / "empty.txt").write_bytes(b"")
    return media


def restored_target(tmp_path: Path) -> tuple[str, Any]:
    """Where a test restores to: another home, or another database on PostgreSQL."""
    if connection.vendor == "sqlite":
        target = backups.target_of(str(tmp_path / "other"))
        return str(tmp_path / "other"), target.engine
    known = connection.settings_dict
    who = f"{known['USER']}:{known['PASSWORD']}" if known["PASSWORD"] else known["USER"]
    into = f"postgres://{who}@{known['HOST']}:{known['PORT']}/{known['NAME']}_other"
    return into, backups.target_of(into).engine


def test_a_backup_restores_into_an_empty_place_with_every_row_file_and_entry(filled: Path, tmp_path: Path) -> None:
    record = backups.back_up()
    assert (record.verified, record.message) == (True, "")
    into, engine = restored_target(tmp_path)
    try:
        done = backups.restore(Path(record.file), backups.target_of(into))
        with alias(engine.settings) as name:
            assert sorted(ExtraField.everything.using(name).values_list("name", flat=True)) == [
                f"field{n}" for n in range(9)
            ]
            assert Entry.objects.using(name).count() == 9
            assert chain.verify(name).intact is True
        media = backups.target_of(into).media
        assert (media / "empty.txt").read_bytes() == b""
        assert (media / "2026" / "合同.pdf").stat().st_size == (3 << 20) + 4
        assert sorted(done.manifest.files) == ["database", "media/2026/合同.pdf", "media/empty.txt"]
        assert done.warnings == []
        again = backups.restore(Path(record.file), backups.target_of(into), replace=True)
        assert len(again.kept) == 2
        engine.drop({**engine.settings, "NAME": again.kept[0]})
    finally:
        engine.drop(engine.settings)


def test_a_file_holds_nothing_readable_and_is_for_its_owner_only(filled: Path) -> None:
    file = Path(backups.back_up().file)
    data = file.read_bytes()
    assert (data.startswith(crypt.MAGIC), b"SQLite" in data, b"field1" in data) == (True, False, False)
    assert oct(file.stat().st_mode & 0o777) == "0o600"
    assert list(keys.home().glob(".backup-*")) == []


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda data: data[: len(data) // 2], "damaged or cut off"),
        (lambda data: data[: crypt.HEADER + crypt.CHUNK + crypt.TAG], "its end is missing"),
        (lambda data: data[:20], "its end is missing"),
        (lambda data: data[:-100] + bytes([data[-100] ^ 1]) + data[-99:], "damaged"),
        (lambda data: data[:2_000_000] + bytes([data[2_000_000] ^ 1]) + data[2_000_001:], "damaged"),
        (lambda data: data[:10] + bytes([data[10] ^ 1]) + data[11:], "Wrong passphrase"),
        (lambda data: b"PK" + data[2:], "not a Guanxi backup"),
        (lambda data: b"", "not a Guanxi backup"),
        (lambda data: data + b"more", "damaged"),
    ],
)
def test_a_spoilt_backup_is_refused_and_touches_nothing(filled: Path, tmp_path: Path, spoil: Any, message: str) -> None:
    file = Path(backups.back_up().file)
    file.write_bytes(spoil(file.read_bytes()))
    into, engine = restored_target(tmp_path)
    with pytest.raises(backups.BackupError, match=message):
        backups.restore(file, backups.target_of(into))
    assert engine.is_empty() is True


def test_a_wrong_passphrase_is_named(filled: Path, settings: Any, tmp_path: Path) -> None:
    settings.BACKUP_PASSPHRASE = "正确的口令 correct"
    file = Path(backups.back_up().file)
    settings.BACKUP_PASSPHRASE = "another"
    with pytest.raises(backups.BackupError, match="Wrong passphrase"):
        backups.restore(file, backups.target_of(restored_target(tmp_path)[0]))
    assert (keys.home() / "backup.key").exists() is False


def test_without_any_key_a_restore_asks_for_it_and_makes_none(filled: Path, tmp_path: Path) -> None:
    file = Path(backups.back_up().file)
    (keys.home() / "backup.key").unlink()
    with pytest.raises(CommandError, match="of the backed-up installation"):
        call_command("restore", str(file), "--into", restored_target(tmp_path)[0])
    assert (keys.home() / "backup.key").exists() is False


def test_chunks_can_be_neither_swapped_nor_dropped(tmp_path: Path) -> None:
    file = tmp_path / "sealed"
    with file.open("wb") as out:
        sealed = crypt.Sealed(out, b"secret")
        sealed.write(os.urandom(3 * crypt.CHUNK))
        sealed.finish()
    data, size = file.read_bytes(), crypt.CHUNK + crypt.TAG
    head, chunks = data[: crypt.HEADER], [data[crypt.HEADER + n * size :][:size] for n in range(3)]
    for order in ((1, 0, 2), (0, 2), (0, 1), (0, 0, 1, 2)):
        file.write_bytes(head + b"".join(chunks[n] for n in order))
        with pytest.raises(backups.BackupError), file.open("rb") as source:
            crypt.Opened(source, b"secret").drain()


def test_a_backup_with_a_broken_trail_fails_is_recorded_and_leaves_no_file(filled: Path) -> None:
    guards.remove()
    Entry.objects.filter(seq=3).update(title="x")
    guards.install()
    with pytest.raises(CommandError, match="audit trail in the backup is broken"):
        call_command("backup")
    record = BackupRecord.objects.get()
    assert (record.verified, backups.kept_files(), "lane 0, entry 3" in record.message) == (False, [], True)
    assert backups.back_up(accept_broken_trail=True).verified is True


def test_a_tail_cut_off_since_the_last_anchor_fails_the_backup(filled: Path) -> None:
    anchor.write()
    guards.remove()
    Entry.objects.filter(seq__gt=5).delete()
    end = Entry.objects.get(seq=5)
    chain.LaneHead.objects.filter(pk=end.lane).update(seq=5, mac=end.mac)
    guards.install()
    with pytest.raises(backups.BackupError, match="cut off"):
        backups.back_up()


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="replaces the very database of the test run")
def test_restoring_over_a_living_installation_keeps_the_old_data_and_begins_a_new_anchor(
    filled: Path, company: Company
) -> None:
    file = Path(backups.back_up().file)
    save_field(company, "later")
    anchor.write()
    (filled / "later.txt").write_text("later")
    with pytest.raises(CommandError, match="--yes"):
        call_command("restore", str(file))
    out = StringIO()
    call_command("restore", str(file), "--yes", stdout=out)
    assert ExtraField.objects.filter(name="later").exists() is False
    assert sorted(path.name for path in filled.rglob("*.*")) == ["empty.txt", "合同.pdf"]
    assert out.getvalue().count("is kept:") == 2
    assert Entry.objects.latest("id").verb == "audit.restored"
    assert chain.verify().intact is True
    assert len(list(keys.home().glob("audit-anchor.*.log"))) == 1
    for left in Path(str(connection.settings_dict["NAME"])).parent.glob("*.before-*"):
        left.unlink()


def test_a_restore_without_the_trails_key_says_so(filled: Path, tmp_path: Path) -> None:
    file = Path(backups.back_up().file)
    (keys.home() / "audit.key").rename(tmp_path / "kept.key")
    keys._read.cache_clear()
    into, engine = restored_target(tmp_path)
    try:
        done = backups.restore(file, backups.target_of(into))
        assert [("audit.key" in warning) for warning in done.warnings] == [True, False]
    finally:
        engine.drop(engine.settings)


def test_the_nightly_job_keeps_the_newest_seven(filled: Path, settings: Any) -> None:
    settings.BACKUPS_KEPT = 2
    for number in range(3):
        old = backups.root() / f"guanxi-2020010{number}-020000-000000.backup"
        old.parent.mkdir(exist_ok=True)
        old.write_bytes(b"old")
    done = jobs.nightly_backup.function(None)
    assert done["removed"] == 2
    assert [path.name[:15] for path in backups.kept_files()] == [
        Path(done["file"]).name[:15],
        "guanxi-20200102",
    ]


def test_leavings_of_a_killed_run_are_swept_a_day_later_and_the_good_one_stays(filled: Path) -> None:
    good = Path(backups.back_up().file)
    old, young = good.with_name("guanxi-1.backup.partial"), good.with_name("guanxi-2.backup.partial")
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - backups.STALE - 60,) * 2)
    backups.back_up()
    assert (good.exists(), old.exists(), young.exists()) == (True, False, True)
    assert len(backups.kept_files()) == 2


@pytest.mark.slow
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the child process opens the test's database file")
def test_kill_9_in_the_middle_leaves_the_last_good_backup(filled: Path, tmp_path: Path) -> None:
    good = Path(backups.back_up().file)
    (filled / "large.bin").write_bytes(os.urandom(40 << 20))
    code = (
        "import django, pathlib; from django.conf import settings; django.setup(); from guanxi.audit import backups, keys; "
        "from django.db import connections; connections.settings['default']['NAME'] = '{db}'; "
        "settings.HOME = pathlib.Path('{home}'); settings.BACKUP_ROOT = settings.HOME / 'backups'; "
        "settings.MEDIA_ROOT = settings.HOME / 'media'; backups.back_up()"
    ).format(db=connection.settings_dict["NAME"], home=keys.home())
    child = subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]},
    )
    for _wait in range(1000):
        if any(path.stat().st_size > 5 << 20 for path in backups.root().glob("*.partial")):
            break
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    assert backups.kept_files() == [good]
    assert len(list(backups.root().glob("*.partial"))) == 1
    assert backups.restore(good, backups.target_of(str(tmp_path / "other"))).manifest.counts["kernel_extrafield"] == 9


def test_the_command_lists_backups_and_reminds_of_the_keys(filled: Path) -> None:
    out = StringIO()
    call_command("backup", stdout=out)
    call_command("backup", "--list", stdout=out)
    text = out.getvalue()
    assert [
        word in text
        for word in ("audit.key", "backup.key", "restored on trial and compared", "GUANXI_BACKUP_PASSPHRASE")
    ] == [True] * 4
    assert text.count(str(backups.kept_files()[0])) == 2


def test_the_scratch_connection_is_gone_afterwards(filled: Path) -> None:
    backups.back_up()
    assert list(connections) == ["default"]
