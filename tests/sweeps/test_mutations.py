"""The tests are tested: with each guard of the product taken out in its turn, a test that watches it must fail."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.sweeps.mutations import ENV, MUTATIONS, NONE, Mutation

ROOT = Path(__file__).parents[2]
WORKERS = 2
OPTIONS = ("-q", "-x", "-p", "no:cacheprovider", "-p", "tests.sweeps.mutations", "--reuse-db")
OURS = ("GUANXI_", "PYTEST_")  # a database server and other settings of the outer run stay outside
FAILED = re.compile(r"^\d+ failed\b(?!.*\berror)", re.M)


def run(home: Path, name: str, nodes: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """These tests in a process and a home of their own, on SQLite, without the guard called `name`."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(OURS)}
    return subprocess.run(
        [sys.executable, "-m", "pytest", *OPTIONS, *nodes], cwd=ROOT, env={**inherited, "GUANXI_HOME": str(home), ENV: name},
        capture_output=True, text=True, timeout=1800, check=False,
    )  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a migrated test database, in which all the tests pass as long as all guards stand."""
    home = tmp_path / "home"
    home.mkdir()
    every = tuple(dict.fromkeys(node for mutation in MUTATIONS for node in mutation.nodes))
    control = run(home, NONE, every)
    assert control.returncode == 0, control.stdout[-4000:] + control.stderr[-2000:]
    return home


@pytest.mark.mutation
@pytest.mark.slow
def test_no_guard_can_go_unnoticed(home: Path, tmp_path: Path) -> None:
    def unnoticed(mutation: Mutation) -> str:
        own = tmp_path / mutation.name.replace(" ", "-")
        shutil.copytree(home, own)  # what a weakened run leaves behind concerns no other
        done = run(own, mutation.name, mutation.nodes)
        shutil.rmtree(own)
        if done.returncode == 1 and FAILED.search(done.stdout):
            return ""
        return f"{mutation.name} ({mutation.target}): {(done.stdout + done.stderr).strip()[-300:]}"

    with ThreadPoolExecutor(WORKERS) as pool:
        wrong = [text for text in pool.map(unnoticed, MUTATIONS) if text]
    told = f"{len(MUTATIONS) - len(wrong)} of {len(MUTATIONS)} guards guarded"
    print(f"\n{told}")
    assert wrong == [], "\n".join([told, *wrong])
