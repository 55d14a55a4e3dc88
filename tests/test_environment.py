"""The environment reader: typed values or a clear refusal."""

import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from guanxi.project import env


def test_a_flag_is_one_or_nought_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUANXI_X", "on")
    assert env.flag("X") is True
    monkeypatch.setenv("GUANXI_X", "ja")
    with pytest.raises(ImproperlyConfigured):
        env.flag("X")


def test_a_number_below_its_least_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUANXI_X", "3")
    assert env.number("X", 9) == 3
    with pytest.raises(ImproperlyConfigured):
        env.number("X", 9, least=4)


def test_a_value_may_stand_in_a_file_but_not_in_both_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("from the file\n")
    monkeypatch.setenv("GUANXI_X_FILE", str(tmp_path / "x"))
    assert env.text("X") == "from the file"
    monkeypatch.setenv("GUANXI_X", "here")
    with pytest.raises(ImproperlyConfigured):
        env.text("X")


def test_the_secret_is_made_once_and_is_private(tmp_path: Path) -> None:
    first = env.secret("NO_SUCH", tmp_path / "key")
    assert env.secret("NO_SUCH", tmp_path / "key") == first
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["key"]


def test_a_database_address_is_read_with_its_escapes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GUANXI_X", "postgres://me:p%40ss@db:5433/guanxi?sslmode=require")
    found = env.database("X", tmp_path)
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"], found["OPTIONS"]) == (
        "me", "p@ss", "db", "5433", "guanxi", {"prepare_threshold": 1, "sslmode": "require"},
    )  # fmt: skip
    monkeypatch.setenv("GUANXI_X", "mysql://db/guanxi")
    with pytest.raises(ImproperlyConfigured):
        env.database("X", tmp_path)


def test_a_variable_that_nothing_reads_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUANXI_HTPPS", "1")
    assert "GUANXI_HTPPS" in env.unknown()
