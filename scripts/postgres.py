"""A private PostgreSQL for tests: made in a temporary folder, on a free port of this machine, removed afterwards.

Use it as `with cluster() as url`, or as `python scripts/postgres.py COMMAND ...`, which runs the command with
GUANXI_DATABASE_URL set.
"""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

HINT = "apt-get install postgresql (or any package that brings initdb and postgres)"
SETTINGS = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=60",
    "shared_buffers=64MB",
]


class Missing(Exception):
    """PostgreSQL's programs are not on this machine."""


def programs() -> Path | None:
    """The folder with initdb and pg_ctl: Debian keeps them out of PATH, the newest version last."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def apt_install(*packages: str) -> bool:
    """Tries Debian's packages, quietly; only where we are root and there is an apt-get."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet = {"env": env, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.call(["apt-get", "update", "-q"], **quiet)
    return subprocess.call(["apt-get", "install", "-qy", "--no-install-recommends", *packages], **quiet) == 0


def as_owner(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root: then it runs as its own user."""
    return (
        ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
        if os.geteuid() == 0
        else command
    )


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """Yields the address of an empty UTF-8 cluster, for GUANXI_DATABASE_URL."""
    folder = programs()
    if folder is None and apt_install("postgresql"):
        folder = programs()
    if folder is None:
        raise Missing(HINT)
    home = Path(tempfile.mkdtemp(prefix="guanxi-pg-"))
    try:
        if os.geteuid() == 0:
            os.chown(home, pwd.getpwnam("postgres").pw_uid, pwd.getpwnam("postgres").pw_gid)
        port = _free_port()
        data, log = str(home / "data"), str(home / "log")
        user = pwd.getpwuid(os.geteuid()).pw_name if os.geteuid() else "postgres"
        _run(
            [
                str(folder / "initdb"),
                "-D",
                data,
                "-U",
                user,
                "-A",
                "trust",
                "-N",
                "-E",
                "UTF8",
                "--locale",
                "C.UTF-8",
            ]
        )
        options = ["-h", "127.0.0.1", "-p", str(port), "-k", str(home), *(f"-c{line}" for line in SETTINGS)]
        _run([str(folder / "pg_ctl"), "-D", data, "-l", log, "-w", "-o", " ".join(options), "start"])
        try:
            yield f"postgres://{user}@127.0.0.1:{port}/postgres"
        finally:
            _run([str(folder / "pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop"])
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _run(command: list[str]) -> None:
    done = subprocess.run(as_owner(command), cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    try:
        with cluster() as address:
            sys.exit(subprocess.call(sys.argv[1:], env={**os.environ, "GUANXI_DATABASE_URL": address}))
    except Missing as missing:
        sys.exit(f"PostgreSQL is missing: {missing}")
