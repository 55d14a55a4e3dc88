"""`make screenshots`: the pictures of the README, taken from a small demonstration company on data of its own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "images"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CUSTOMERS, PASSWORD, WAIT = 1500, "guanxi-demo", 60_000
WIDE = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)
# The demonstration leaves its figures to the worker. The best customer makes the fullest page.
PREPARE = """
from django.db.models import Count
from guanxi.customers.models import Account
from guanxi.kernel import jobs
jobs.work_off()
best = Account.objects.filter(grade="A").annotate(n=Count("orders")).order_by("-n", "pk").first()
print("BEST", best.pk)
"""


def guanxi(env: dict[str, str], *args: str) -> str:
    """What one of Guanxi's commands prints; its failure ends the program."""
    done = subprocess.run(
        [sys.executable, "-m", "guanxi.cli", *args], cwd=ROOT, env=env, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"guanxi {' '.join(args[:1])} failed:\n{done.stdout[-2000:]}{done.stderr[-3000:]}")
    return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def server(env: dict[str, str]) -> Iterator[str]:
    """The address of a server that is ended by its own process id."""
    port = free_port()
    command = [sys.executable, "-m", "guanxi.cli", "serve", "--port", str(port), "--workers", "1"]
    address = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 120
        while not answers(f"{address}/accounts/login/"):
            if process.poll() is not None or time.monotonic() > deadline:
                sys.exit("The server did not start.")
            time.sleep(0.5)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def sign_in(browser: Browser, address: str, name: str, phone: bool, theme: str) -> Page:
    context = browser.new_context(
        viewport=PHONE if phone else WIDE,
        device_scale_factor=2 if phone else 1,
        is_mobile=phone,
        has_touch=phone,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    context.set_default_timeout(WAIT)
    context.add_cookies([{"name": "theme", "value": theme, "url": address}])
    page = context.new_page()
    page.goto(f"{address}/accounts/login/")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", PASSWORD)
    page.click("form button[type=submit]")
    page.wait_for_url(f"{address}/")
    return page


def take(page: Page, address: str, where: str, name: str) -> None:
    page.goto(f"{address}{where}")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1500)  # charts draw themselves after the page has come
    page.screenshot(path=TARGET / f"{name}.png")
    print(f"  {name}.png", flush=True)


def take_all(browser: Browser, address: str, people: dict[str, str], best: str) -> None:
    """The start page as a representative sees it, the rest as the head of the company does."""
    head = {"list": "/customers/?view=class_a", "customer": f"/customers/{best}/", "insight": "/insight/"}
    for phone in (False, True):
        for theme in ("light", "dark"):
            for role, shots in (("representative", {"home": "/"}), ("owner", head)):
                page = sign_in(browser, address, people[role], phone, theme)
                for name, where in shots.items():
                    take(page, address, where, f"{name}{'-phone' if phone else ''}-{theme}")
                page.context.close()


def main() -> None:
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        sys.exit("Chromium is missing. Get it: apt-get install chromium fonts-noto-cjk")
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="guanxi-pictures-") as home:
        env = {**os.environ, "GUANXI_HOME": home, "PYTHONUNBUFFERED": "1"}
        env.pop("GUANXI_DATABASE_URL", None)
        print("Preparing data ...", flush=True)
        guanxi(env, "migrate", "-v0")
        accounts = guanxi(env, "demo", "--customers", str(CUSTOMERS))
        rows = [line.split() for line in accounts.splitlines() if line.endswith(")")]
        people = {row[-1].strip("()"): row[0] for row in rows}  # role to sign-in name
        best = guanxi(env, "shell", "-v0", "-c", PREPARE).split("BEST")[-1].strip()
        with server(env) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--lang=zh-CN"])
            take_all(browser, address, people, best)
            browser.close()


if __name__ == "__main__":
    main()
