"""The gate: every check by name, each with its time; what was skipped, and how to get it, is said at the end.

gate.py          everything (both databases and the browser)
gate.py --fast   style, types, boundaries, budgets and the quick tests
"""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import postgres

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
CI = os.environ.get("CI") == "true"
TESTS = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--durations=12"]
# The sweeps are few and long: whoever has nothing left takes over what another worker has not begun.
TOGETHER = ["-n", "2", "--dist", "worksteal"]
TEST_ENV = {"DJANGO_SETTINGS_MODULE": "guanxi.project.settings_test"}
LIMIT = 25 * 60  # seconds one step may take
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Skip(Exception):
    """A step that this machine cannot run; the message says what is missing and how to get it."""


@dataclass
class Gate:
    """Runs steps one after the other and remembers how each went."""

    rows: list[tuple[str, str, float]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: {"passed": 0, "failed": 0, "skipped": 0})

    def step(self, name: str, *commands: list[str], env: dict[str, str] | None = None) -> None:
        self.call(name, lambda: self.run_all(commands, env or {}))

    def call(self, name: str, work: Callable[[], bool]) -> None:
        print(f"\n=== {name}", flush=True)
        begun = time.monotonic()
        try:
            state = "passed" if work() else "FAILED"
        except Skip as reason:
            state = "FAILED" if CI else "skipped"
            self.notes.append(f"{name} did not run: {reason}")
            print(reason)
        self.rows.append((name, state, time.monotonic() - begun))

    def run(self, command: list[str], env: dict[str, str]) -> bool:
        """Runs a command, shows what it prints, and counts the tests that it reports."""
        full = {**os.environ, **env, "PYTHONUNBUFFERED": "1"}
        last = ""
        with subprocess.Popen(
            command, cwd=ROOT, env=full, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as child:
            assert child.stdout is not None
            deadline = time.monotonic() + LIMIT
            for line in child.stdout:
                print(line, end="", flush=True)
                last = line if " in " in line and re.search(r"\d+ (passed|failed|error)", line) else last
                if time.monotonic() > deadline:
                    print(f"Stopped: more than {LIMIT // 60} minutes.")
                    child.terminate()
        for number, word in re.findall(r"(\d+) (passed|failed|skipped|error)", last):
            self.counts["failed" if word == "error" else word] += int(number)
        return child.returncode == 0

    def run_all(self, commands: tuple[list[str], ...], env: dict[str, str]) -> bool:
        """Runs all of them, also after one that failed: one look should show everything."""
        outcomes = [self.run(command, env) for command in commands]
        return all(outcomes)

    def report(self) -> int:
        print("\n=== result")
        for name, state, seconds in self.rows:
            print(f"  {state:8}{seconds:8.1f} s  {name}")
        for note in self.notes:
            print(f"  note: {note}")
        failed = [name for name, state, _ in self.rows if state == "FAILED"]
        print(f"\n{'The gate is closed by: ' + ', '.join(failed) if failed else 'The gate is open.'}")
        print("{passed} passed, {failed} failed, {skipped} skipped".format(**self.counts))
        return bool(failed)


def tool(name: str, *args: str) -> list[str]:
    return [str(BIN / name), *args]


def script(name: str, *args: str) -> list[str]:
    return [sys.executable, str(ROOT / "scripts" / name), *args]


def guanxi(*args: str) -> list[str]:
    return [sys.executable, "-m", "guanxi.cli", *args]


def static_checks(gate: Gate) -> None:
    gate.step("style", tool("ruff", "check", "--output-format=concise"), tool("ruff", "format", "--check", "-q"))
    gate.step("size budgets", script("budgets.py"))
    gate.step("forbidden strings", script("strings.py"))
    gate.step("boundaries between apps", tool("lint-imports", "--no-logo"))
    gate.step("types", tool("mypy"))
    gate.step("migrations complete", guanxi("makemigrations", "--check", "--dry-run"), env=TEST_ENV)
    secure = {**TEST_ENV, "GUANXI_HTTPS": "1"}
    gate.step("settings fit for production", guanxi("check", "--deploy", "--fail-level", "WARNING"), env=secure)
    gate.step("translations complete", script("translations.py"))


def chromium() -> str:
    """The path of Chromium; as root on Debian it is installed, with a Chinese font, when it is missing."""
    for _ in range(2):
        if found := next(filter(None, map(shutil.which, CHROMIUM)), None):
            return found
        postgres.apt_install("chromium", "fonts-noto-cjk")
    raise Skip("Chromium is missing. Get it: apt-get install chromium fonts-noto-cjk")


@contextlib.contextmanager
def database() -> Iterator[dict[str, str]]:
    try:
        with postgres.cluster() as address:
            yield {"GUANXI_DATABASE_URL": address}
    except postgres.Missing as missing:
        raise Skip(f"PostgreSQL is missing. Get it: {missing}") from missing


def tests_on_postgresql(gate: Gate) -> bool:
    with database() as env:
        # The sweeps and the servers of tests/ ask about rights, not about the database: once is enough.
        return gate.run([*TESTS, *TOGETHER, "-m", "not browser", "guanxi"], env)


def browser_journeys(gate: Gate) -> bool:
    if not (ROOT / "tests" / "browser").is_dir():
        raise Skip("There are no journeys yet.")
    return gate.run([*TESTS, *TOGETHER, "-m", "browser", "tests"], {"CHROMIUM": chromium()})


def main(fast: bool) -> int:
    gate = Gate()
    static_checks(gate)
    if fast:
        quick = "not browser and not postgres and not slow and not race and not long"
        gate.step("quick tests on SQLite", [*TESTS, *TOGETHER, "-m", quick])
        return gate.report()
    gate.step("assets build and collect", guanxi("assets", "--no-install"))
    gate.step(
        "tests on SQLite", [*TESTS, *TOGETHER, "-m", "not browser and not postgres and not mutation and not long"]
    )
    gate.call("tests on PostgreSQL", lambda: tests_on_postgresql(gate))
    gate.call("browser journeys", lambda: browser_journeys(gate))
    return gate.report()


if __name__ == "__main__":
    sys.exit(main("--fast" in sys.argv[1:]))
