"""`make run`: installs what is missing, prepares the data and starts Guanxi. Standard library only.

This file must stay readable for an old Python, so that such a Python can say what is wrong.
"""

import hashlib
import os
import shutil
import socket
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HOME = os.path.abspath(os.path.expanduser(os.environ.get("GUANXI_HOME") or os.path.join(ROOT, "var")))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STATIC = os.path.join(ROOT, "static")
DATABASE = os.path.join(HOME, "db.sqlite3")


def main():
    need_python()
    host = os.environ.get("HOST") or "127.0.0.1"
    port = chosen_port(os.environ.get("PORT") or "8000")
    need_writable(HOME, "Set GUANXI_HOME to a folder of your own.")
    need_writable(ROOT, "Copy Guanxi to a folder of your own.")
    lock = hold_lock()
    need_free(host, port)
    os.environ["GUANXI_HOME"] = HOME
    install()
    build_assets()
    first = prepare_data()
    if not first:
        say("The data of the last run is kept, in " + HOME)
    say("Starting ...")
    os.set_inheritable(lock.fileno(), True)  # the server keeps holding the lock
    accounts = [] if os.environ.get("DEMO") == "0" else ["--accounts"]
    os.execv(PYTHON, [PYTHON, "-m", "guanxi.cli", "serve", "--host", host, "--port", str(port)] + accounts)


def say(text):
    print(text, flush=True)


def fail(text):
    sys.stderr.write("\nGuanxi cannot start. " + text + "\n")
    sys.exit(1)


def need_python():
    if sys.version_info < (3, 11):
        fail(
            "It needs Python 3.11 or newer; this is %d.%d (%s). Name another: make run PYTHON=python3.12"
            % (sys.version_info[0], sys.version_info[1], sys.executable)
        )


def chosen_port(text):
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        fail("PORT must be a number from 1 to 65535, not %r." % text)
    return int(text)


def need_writable(folder, remedy):
    probe = os.path.join(folder, ".probe-%d" % os.getpid())
    try:
        os.makedirs(folder, exist_ok=True)
        with open(probe, "w"):
            pass
        os.remove(probe)
    except OSError as error:
        fail("The folder %s cannot be written to (%s). %s" % (folder, error.strerror, remedy))


def need_free(host, port):
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except PermissionError:
        fail("Port %d is reserved for the administrator. Choose another: make run PORT=8000" % port)
    except OSError:
        fail("Port %d is taken by another program. Choose another: make run PORT=%d" % (port, port + 1))


def hold_lock():
    """The open lock file. The system frees the lock when its holder ends, however it ends."""
    lock = open(os.path.join(HOME, "running.pid"), "a+")
    try:
        import fcntl

        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:
        pass
    except OSError:
        lock.seek(0)
        fail(
            "It runs already on these data (process %s). Stop that one first, or give this one data of its "
            "own: GUANXI_HOME=/another/folder make run" % (lock.read().strip() or "unknown")
        )
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def digest(*paths):
    """One hash over the named files and over all files below the named folders."""
    total = hashlib.sha256(ROOT.encode())
    for path in paths:
        path = os.path.join(ROOT, path)
        files = [path]
        if os.path.isdir(path):
            files = [os.path.join(base, name) for base, _, names in os.walk(path) for name in names]
        for file in sorted(files):
            if file.endswith((".pyc", ".mo")) or not os.path.isfile(file):
                continue
            total.update(os.path.relpath(file, ROOT).encode())
            with open(file, "rb") as content:
                total.update(content.read())
    return total.hexdigest()


def fresh(stamp, value):
    """Whether the work that `stamp` records was done for exactly this value."""
    try:
        with open(stamp) as file:
            return file.read() == value
    except OSError:
        return False


def record(stamp, value):
    with open(stamp, "w") as file:
        file.write(value)


def run(command, trouble):
    if subprocess.call(command, cwd=ROOT):
        fail(trouble)


def guanxi(*args):
    """Runs one of Guanxi's own commands."""
    run([PYTHON, "-m", "guanxi.cli"] + list(args), "`guanxi %s` failed; the lines above say why." % " ".join(args))


def install(lock="base"):
    """Installs the libraries of requirements/<lock>.txt ("dev" contains "base") and Guanxi itself, when they changed."""
    value = digest("requirements/%s.txt" % lock, "pyproject.toml")
    if os.path.exists(PYTHON) and fresh(os.path.join(VENV, lock + ".stamp"), value):
        return
    say("Installing Guanxi's libraries (the first time takes a few minutes) ...")
    if not os.path.exists(PYTHON):
        run(
            [sys.executable, "-m", "venv", VENV],
            "Python could not make a virtual environment. On Debian or Ubuntu: apt-get install python3-venv",
        )
    # Python compiles what it loads when it loads it: compiling all there is takes as long as the rest of the installation.
    pip = [PYTHON, "-m", "pip", "install", "-qq", "--no-compile", "--retries=2", "--disable-pip-version-check"]
    run(
        pip + ["--require-hashes", "-r", "requirements/%s.txt" % lock],
        "The libraries could not be installed. Is there a network, and does pip reach its package index? "
        "What was downloaded is kept; simply run it again.",
    )
    run(pip + ["--no-deps", "--no-build-isolation", "-e", "."], "Guanxi itself could not be installed.")
    for name in {lock, "base"}:
        record(os.path.join(VENV, name + ".stamp"), digest("requirements/%s.txt" % name, "pyproject.toml"))


def install_libraries(dev=False):
    """Installs what the browser needs (and, for developers, what checks it), when the lock file changed."""
    stamp, value = os.path.join(VENV, "libraries.stamp"), digest("package-lock.json")
    present = os.path.isdir(os.path.join(ROOT, "node_modules"))
    if present and (fresh(stamp, value + "dev") or (not dev and fresh(stamp, value))):
        return
    say("Installing the front-end libraries ...")
    if not shutil.which("npm") and not os.path.exists(os.path.join(VENV, "bin", "npm")):
        run(
            [PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", "requirements/node.txt"],
            "There is no npm, and it could not be installed. Is there a network?",
        )
    run(
        [PYTHON, "-c", "from guanxi.cli import install_libraries as go; go(dev=%s)" % dev],
        "The front-end libraries could not be installed. Is there a network, and does npm reach its registry?",
    )
    record(stamp, value + ("dev" if dev else ""))


def build_assets():
    stamp, value = os.path.join(VENV, "assets.stamp"), digest("package-lock.json", "guanxi")
    if os.path.isdir(STATIC) and fresh(stamp, value):
        return
    install_libraries()
    say("Building the pages' assets ...")
    guanxi("assets", "--no-install")
    record(stamp, value)


def prepare_data():
    """Migrates, and on the first start loads the demonstration company; says whether this is the first start."""
    loading = os.path.join(HOME, "demo.loading")
    embedded = not os.environ.get("GUANXI_DATABASE_URL") and not os.environ.get("GUANXI_DATABASE_URL_FILE")
    if embedded and os.path.exists(loading):
        say("The first start was interrupted while it loaded; it begins anew.")
        for ending in ("", "-wal", "-shm"):
            if os.path.exists(DATABASE + ending):
                os.remove(DATABASE + ending)
        os.remove(loading)
    new = embedded and not os.path.exists(DATABASE)
    demo = new and os.environ.get("DEMO") != "0"
    if demo:
        record(loading, "")
    apps = sorted(os.listdir(os.path.join(ROOT, "guanxi")))
    value = digest("requirements/base.txt", *["guanxi/%s/migrations" % app for app in apps])
    value += hashlib.sha256(os.environ.get("GUANXI_DATABASE_URL", "").encode()).hexdigest()
    stamp = os.path.join(HOME, "migrations.stamp")
    if new or not fresh(stamp, value):
        say("Preparing the database ...")
        guanxi("migrate", "-v0")
        record(stamp, value)
    if demo:
        say("Loading the demonstration company ...")
        guanxi("demo", "--progress")
        os.remove(loading)
    return new


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped.\n")
        sys.exit(130)
