"""The speed measurements: `make bench`, or `python bench/run.py --scale 0.1 --database sqlite --only pages`.

Fills a database once (kept in --folder), starts the product's own server over it and asks the product and a floor in
hand-written SQL the same questions over one kept-alive connection.  Prints tables and writes docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]
REPORT = ROOT / "docs" / "benchmarks.md"
PARTS = ("pages", "cost", "files", "duplicates", "insight", "inspection", "rulebook", "money", "deals", "start")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", type=float, default=1.0, help="1.0 is a million customers")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument(
        "--folder", type=Path, default=Path("/tmp/guanxi-bench"), help="where filled databases are kept"
    )
    parser.add_argument("--only", choices=PARTS, action="append", help="one part; may be given several times")
    parser.add_argument("--requests", type=int, default=200)
    given = parser.parse_args()
    parts, found = given.only or PARTS, []
    for kind in ("sqlite", "postgresql") if given.database == "both" else (given.database,):
        with database(kind, given.folder / f"{kind}-{given.scale}") as env:
            if not Path(env["GUANXI_HOME"], "filled").exists():
                _python(["-m", "guanxi.cli", "migrate", "-v0"], env)
                _python(["-m", "bench.fill", str(given.scale)], env)
                Path(env["GUANXI_HOME"], "filled").touch()
            _python(["-m", "guanxi.cli", "migrate", "-v0"], env)
            for part in parts:
                if part in TITLES:
                    found.append(
                        f"{TITLES[part]}, {NAMES[kind]}\n" + _python(["-m", f"bench.{part}", str(given.requests)], env)
                    )
    for part in parts:
        if part in ALONE:
            title, module, sizes, least = ALONE[part]
            counts = sorted({max(int(given.scale * size), least) for size in sizes})
            runs = [_python(["-m", module, *([str(count)] if count else [])], {}) for count in counts]
            found.append(f"{title}\n```\n" + "\n".join(runs) + "```\n")
        if part == "start":
            found.append("The second `make run`\n" + second_start(given.folder / "start"))
    write(found, given)


# Parts that fill a database of their own: title, program, sizes at full scale (0: it has its own), least size.
ALONE = {
    "insight": ("Analysis", "bench.insight_bench", (0,), 0),
    "inspection": ("Inspection of files", "bench.inspection", (100_000,), 2_000),
    "rulebook": ("A day's run of the rulebook, SQLite", "bench.rulebook", (50_000, 1_000_000), 5_000),
    "money": ("Ageing and statement of account, SQLite", "bench.money", (1_000_000,), 10_000),
    "deals": ("Board and forecast, SQLite", "bench.deals", (200_000,), 10_000),
}
TITLES = {
    "pages": "Pages against the floor",
    "cost": "Processor time, statements and memory of a page",
    "files": "Import and export",
    "duplicates": "Duplicate protection",
}
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@contextlib.contextmanager
def database(kind: str, home: Path) -> Iterator[dict[str, str]]:
    """The environment of a Guanxi over a kept database; PostgreSQL runs while we use it."""
    home.mkdir(parents=True, exist_ok=True)
    env = {"GUANXI_HOME": str(home), "DJANGO_SETTINGS_MODULE": "bench.settings", "PYTHONPATH": str(ROOT)}
    if kind == "sqlite":
        yield env
        return
    with kept_cluster(home) as url:
        yield {**env, "GUANXI_DATABASE_URL": url}


@contextlib.contextmanager
def kept_cluster(home: Path) -> Iterator[str]:
    """Like scripts.postgres.cluster, but in a folder that stays, and with a little more memory."""
    import pwd
    import shutil

    import postgres  # type: ignore[import-not-found]

    folder, data, port = postgres.programs(), home / "pg", postgres._free_port()
    if folder is None:
        raise SystemExit(f"PostgreSQL is missing: {postgres.HINT}")
    if not data.exists():
        data.mkdir()
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(data, owner.pw_uid, owner.pw_gid)
        words = "-U postgres -A trust -N -E UTF8 --locale C.UTF-8".split()
        postgres._run([str(folder / "initdb"), "-D", str(data), *words])
        (home / "filled").unlink(missing_ok=True)
    with contextlib.suppress(FileNotFoundError):
        (data / "postmaster.pid").unlink()
    shutil.rmtree(data / "sockets", ignore_errors=True)
    settings = [*postgres.SETTINGS, "shared_buffers=512MB", "max_wal_size=8GB", "random_page_cost=1.1"]
    options = ["-h", "127.0.0.1", "-p", str(port), "-k", str(data), *(f"-c{line}" for line in settings)]
    pg_ctl = str(folder / "pg_ctl")
    postgres._run([pg_ctl, "-D", str(data), "-l", str(data / "log"), "-w", "-o", " ".join(options), "start"])
    try:
        yield f"postgres://postgres@127.0.0.1:{port}/postgres"
    finally:
        postgres._run([pg_ctl, "-D", str(data), "-m", "fast", "-w", "stop"])


def _python(command: list[str], env: dict[str, str]) -> str:
    """Runs a part in a process of its own and returns what it printed, which is also shown."""
    done = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env={**os.environ, **env}, stdout=subprocess.PIPE, text=True
    )
    lines = []
    for line in done.stdout or ():
        print(line, end="", flush=True)
        lines.append(line)
    if done.wait():
        raise SystemExit(f"{' '.join(command)} failed.")
    return "".join(lines)


def second_start(home: Path) -> str:
    """Seconds from `make run` to the first answer, in a checkout that has started before."""
    import http.client
    import signal

    port = "8765"
    for _round in range(2):
        begun = time.monotonic()
        run = subprocess.Popen(
            ["make", "run"],
            cwd=ROOT,
            env={**os.environ, "PORT": port, "DEMO": "0", "GUANXI_HOME": str(home)},
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        seconds = 0.0
        while not seconds and time.monotonic() - begun < 900 and run.poll() is None:
            with contextlib.suppress(OSError):
                asked = http.client.HTTPConnection("127.0.0.1", int(port), timeout=5)
                asked.request("GET", "/accounts/login/")
                asked.getresponse().read()
                seconds = time.monotonic() - begun
            time.sleep(0.05)
        os.killpg(run.pid, signal.SIGINT)
        run.wait(60)
    line = f"{seconds:.1f} s to the first answer (goal: 5 s)\n"
    print(line)
    return line


def write(found: list[str], given: argparse.Namespace) -> None:
    """What was measured now replaces its section; other sections and the remarks at the end stay."""
    REPORT.parent.mkdir(exist_ok=True)
    mark = "## Remarks"
    old, _mark, remarks = (REPORT.read_text(encoding="utf-8") if REPORT.exists() else "").partition(mark)
    sections = {part.partition("\n")[0]: part for part in old.split("\n## ")[1:]}
    machine = f"{os.cpu_count()} processor cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    scale = f"{int(given.scale * 1_000_000):,} customers"
    for text in found:
        title, _newline, body = text.partition("\n")
        sections[title] = f"{title}\n\n{time.strftime('%Y-%m-%d')}, {scale}, {machine}.\n\n{body.strip()}\n"
    body = "\n## ".join([f"# Speed\n\n{__doc__}", *sections.values()])
    REPORT.write_text(f"{body}\n{mark}{remarks}", encoding="utf-8")


if __name__ == "__main__":
    main()
