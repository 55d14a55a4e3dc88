"""The program `guanxi`: a few plain commands on top of Django's management commands."""

import argparse
import ctypes
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
USAGE = """Guanxi (关系), customer relationship management.

  guanxi serve [--host H] [--port P] [--workers N]   start the web server and its job worker
  guanxi migrate                                     create or update the database
  guanxi demo                                        load the demonstration company
  guanxi import                                      take in data from files
  guanxi erp run                                     exchange files with the ERP
  guanxi backup | restore                            back up, and prove it by restoring
  guanxi rulebook load | export | check | list | backtest
                                                     rulebooks as files, into a company, out of it, on trial
  guanxi audit verify                                check the audit chain
  guanxi duties run | explain                        judge the duties of the rulebook, tell why one is there
  guanxi assets                                      build style sheets, scripts and catalogues
  guanxi worker                                      run jobs only (serve starts one by itself)
  guanxi shell | help | ...                          every management command of Django

Settings are GUANXI_* variables; GUANXI_HOME holds all data (default: the folder var).
"""


def main(argv: list[str] | None = None) -> int:
    args = list(sys.argv[1:] if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.project.settings")
    if not args or args[0] in {"-h", "--help"}:
        print(USAGE, end="")
        return 0
    try:
        return _own[args[0]](args[1:]) if args[0] in _own else _management(args)
    except KeyboardInterrupt:
        return 130
    except PermissionError as error:
        return _fail(f"Guanxi may not write here: {error.filename}. Set GUANXI_HOME to a folder of your own.")
    except _expected_errors() as error:
        return _fail(f"The configuration is not usable: {error}")
    except _database_errors():
        if not _lacks_tables():
            raise
        return _fail("The database is not up to date. Run: guanxi migrate")


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


def _expected_errors() -> tuple[type[Exception], ...]:
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError

    return ImproperlyConfigured, CommandError


def _database_errors() -> tuple[type[Exception], ...]:
    from django.db import OperationalError, ProgrammingError

    return OperationalError, ProgrammingError


def _lacks_tables() -> bool:
    """Whether it is our tables that are missing, and not anything else that is wrong."""
    try:
        return _pending()
    except _database_errors():
        return False


def _setup() -> None:
    import django

    django.setup()
    import guanxi.project.checks  # noqa: F401  (registers the checks)


def _management(args: list[str]) -> int:
    """Runs a management command; two words may name one (`audit verify` is `audit_verify`)."""
    from django.core.management import execute_from_command_line, get_commands

    _setup()
    if len(args) > 1 and args[0] not in get_commands() and f"{args[0]}_{args[1]}" in get_commands():
        args = [f"{args[0]}_{args[1]}", *args[2:]]
    execute_from_command_line(["guanxi", *args])
    return 0


def _migrate(args: list[str]) -> int:
    whole = not args or all(arg.startswith(("-v", "--no")) for arg in args)
    _setup()
    from guanxi.project import founding

    if whole and founding.is_empty():
        founding.found()
    else:
        _management(["migrate", *args])
    if whole:
        _management(["createcachetable", *(arg for arg in args if arg.startswith("-v"))])
        from guanxi.org.services.upgrades import renew_all

        for line in renew_all():
            print(line)
    return 0


def _assets(args: list[str]) -> int:
    """Everything the browser and gettext read, built from what is committed and what npm installed."""
    from guanxi.project.catalogues import compile_all

    parser = argparse.ArgumentParser(prog="guanxi assets")
    parser.add_argument("--no-install", action="store_true", help="the front-end libraries are installed already")
    if not parser.parse_args(args).no_install:
        install_libraries()
    compile_all()
    _setup()
    from guanxi.project import assets

    assets.build()
    return _management(["collectstatic", "--noinput", "--clear", "-v0"])


def install_libraries(dev: bool = False) -> None:
    """`npm ci` for the libraries the browser needs; npm may be the machine's or the one in this environment."""
    npm = shutil.which("npm") or shutil.which("npm", path=str(Path(sys.executable).parent))
    if npm is None:
        raise SystemExit("There is no npm. Install Node, or: pip install --require-hashes -r requirements/node.txt")
    path = os.pathsep.join([str(Path(npm).parent), os.environ.get("PATH", "")])
    done = subprocess.run(  # noqa: S603
        [npm, "ci", *([] if dev else ["--omit=dev"]), "--ignore-scripts", "--no-progress", "--loglevel=error", "--fetch-retries=1"],
        cwd=ROOT, env={**os.environ, "PATH": path},
    )  # fmt: skip
    if done.returncode:
        raise SystemExit("npm could not install the front-end libraries; see the lines above.")


def _serve(args: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="guanxi serve")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1), help="server processes")
    parser.add_argument("--threads", type=int, default=4, help="requests at a time in each process")
    parser.add_argument("--accounts", action="store_true", help="list the demonstration's accounts first")
    options = parser.parse_args(args)
    if taken(options.host, options.port):
        return _fail(f"Port {options.port} on {options.host} is taken. Choose another: --port {options.port + 1}")
    _setup()
    from django.core.management import call_command
    from django.db import connections

    call_command("check", databases=["default"], stdout=io.StringIO())
    if _pending():
        return _fail("The database is not up to date. Run: guanxi migrate")
    _say_who_signs_in(options.accounts)
    connections.close_all()
    stop, ready = threading.Event(), threading.Event()
    keeper = threading.Thread(target=_keep_worker, args=(stop, ready))
    keeper.start()
    threading.Thread(target=_announce, args=(options.host, options.port, stop, ready), daemon=True).start()
    try:
        _granian(options).serve()
    finally:
        stop.set()
        ready.set()
        keeper.join()
    print("Stopped. All data are kept.")
    return 0


def _say_who_signs_in(accounts: bool) -> None:
    """By this process: one of its own would take as long to begin as the server."""
    from django.core.management import call_command

    from guanxi.kernel.models import Company

    if not Company.objects.exists():
        print("\nThere is no company yet, so nobody can sign in. Found it in another terminal, with the same settings:")
        print(f"  {Path(sys.executable).with_name('guanxi')} init --company 某某有限公司 --admin zhangsan --name 张三")
    elif accounts:
        call_command("demo", accounts=True)
    sys.stdout.flush()


def _granian(options: argparse.Namespace) -> Any:
    import multiprocessing

    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    multiprocessing.set_start_method("spawn")  # a fork would copy this process's threads half-way through
    return Granian(
        "guanxi.cli:served",
        factory=True,
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.workers,
        blocking_threads=options.threads,
        backpressure=options.threads * 8,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=20,
        log_level=LogLevels.warning,
    )


def served() -> object:
    """The application as a server process loads it: Ctrl-C goes to the parent alone, and the end of the parent,
    however it comes, is the end of this process."""
    os.setpgrp()
    if ends_with_parent := _die_with_parent():
        ends_with_parent()
    from guanxi.project.wsgi import application

    return application


def taken(host: str, port: int) -> bool:
    """Whether something listens there already."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def _pending() -> bool:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _announce(host: str, port: int, stop: threading.Event, ready: threading.Event) -> None:
    """Prints the address as soon as the server answers there."""
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104
    while not stop.wait(0.1):
        with socket.socket(socket.AF_INET6 if ":" in shown else socket.AF_INET) as probe:
            probe.settimeout(1)
            if probe.connect_ex((shown, port)) == 0:
                address = f"[{shown}]" if ":" in shown else shown
                print(f"\n  Guanxi is ready: http://{address}:{port}/   (stop with Ctrl-C)\n", flush=True)
                return ready.set()


def _keep_worker(stop: threading.Event, ready: threading.Event) -> None:
    """Keeps one job worker beside the server until `stop`; one that fails comes back, each time a little later.

    The first one begins once the server is `ready`: people wait for pages, jobs can wait.
    """
    pause = 1.0
    ready.wait(60)
    while not stop.is_set():
        begun = time.monotonic()
        worker = subprocess.Popen(
            [sys.executable, "-m", "guanxi.cli", "worker"],
            start_new_session=True,
            preexec_fn=_die_with_parent(),
        )
        while worker.poll() is None and not stop.wait(0.2):
            pass
        if stop.is_set():
            return _end(worker)
        pause = 1.0 if time.monotonic() - begun > 60 else min(pause * 2, 60)
        print(f"The job worker ended ({worker.returncode}); it starts again in {pause:.0f} s.", file=sys.stderr)
        stop.wait(pause)
    return None


def _end(child: "subprocess.Popen[bytes]") -> None:
    child.terminate()
    try:
        child.wait(20)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _die_with_parent() -> Callable[[], None] | None:
    """On Linux: ends the worker even when the server is killed outright."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(1, signal.SIGTERM) and None  # 1 is PR_SET_PDEATHSIG


_own: dict[str, Callable[[list[str]], int]] = {"serve": _serve, "migrate": _migrate, "assets": _assets}

if __name__ == "__main__":
    sys.exit(main())
