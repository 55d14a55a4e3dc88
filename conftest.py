"""Test suite of the whole project: Chinese catalogues compiled, requirement results recorded, races kept apart."""

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

REPORT = Path(__file__).parent / "artifacts" / "requirements.json"
_ids: dict[str, tuple[str, ...]] = {}
_states: dict[str, str] = {}


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        from guanxi.project.catalogues import compile_all

        compile_all()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    from django.db import connection

    items.sort(
        key=lambda item: item.get_closest_marker("slow") is None
    )  # what takes long begins first, beside the rest
    for item in items:
        if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL: scripts/postgres.py pytest ..."))
        marks = [str(one) for mark in item.iter_markers("req") for one in mark.args]
        if marks:
            _ids[item.nodeid] = tuple(marks)
            item.user_properties.append(("req", ",".join(marks)))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    for name, value in report.user_properties:
        if name == "req" and (report.when == "call" or report.outcome != "passed"):
            _ids[report.nodeid] = tuple(str(value).split(","))
            if _states.get(report.nodeid) != "failed":
                _states[report.nodeid] = report.outcome


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Keeps, for each test with a requirement, its last outcome; `make requirements` reads it."""
    if hasattr(session.config, "workerinput") or not (_states or session.config.option.collectonly):
        return
    if "GUANXI_MUTATION" in os.environ:  # a guard is out: what fails now says nothing of the requirement
        return
    known: dict[str, dict[str, object]] = {}
    if REPORT.exists() and not session.config.option.collectonly:
        known = json.loads(REPORT.read_text(encoding="utf-8"))
    rows: dict[str, dict[str, object]] = defaultdict(dict, known)
    for nodeid, ids in _ids.items():
        old = rows.get(nodeid, {}).get("state", "not run")
        rows[nodeid] = {"ids": list(ids), "state": _states.get(nodeid, old)}
    target = session.config.getoption("--collected-requirements") if session.config.option.collectonly else REPORT
    if target:
        Path(target).parent.mkdir(exist_ok=True)
        Path(target).write_text(json.dumps(rows, indent=1, ensure_ascii=False), encoding="utf-8")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--collected-requirements", help="with --collect-only: write tests and requirement IDs here")


@pytest.fixture(autouse=os.environ.get("GUANXI_CHAOS") == "1")
def forced_first_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first attempt of every unit of work fails before COMMIT; nothing may change by it (GUANXI_CHAOS=1: all tests)."""
    from django.db import OperationalError

    from guanxi.kernel import work

    def fail(attempt: int) -> None:
        if attempt == 0:
            raise OperationalError("database is locked")

    monkeypatch.setattr(work, "inject_fault", fail)


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """The language a test has activated, or a command for good, ends with it."""
    from django.utils import translation

    yield
    translation.deactivate()


@pytest.fixture
def chinese(settings: object) -> None:
    """The interface language of the test is Simplified Chinese."""
    from django.utils import translation

    translation.activate("zh-hans")
