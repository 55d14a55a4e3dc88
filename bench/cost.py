"""What one page of 50 rows costs in processor time and statements, and how much memory processes hold."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import Any

PAGES = {
    "customer list": "/customers/?view=all",
    "customer list by amount": "/customers/?view=all&sort=-amount_12m",
    "contact list": "/contacts/",
    "order list": "/orders/",
    "search": "/search/?q=机械",
}


def main() -> None:
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from guanxi.customers.models import Account
    from guanxi.org.models import User

    user = User.objects.get(username="bench")
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(user)
    newest = Account.objects.visible_to(user).order_by("-pk").values_list("pk", flat=True)[0]
    print("| page | processor ms (goal: 40) | statements (goal: 12) |\n|---|---|---|")
    for name, url in {**PAGES, "customer page": f"/customers/{newest}/"}.items():
        for _ in range(5):
            client.get(url)
        with CaptureQueriesContext(connection) as statements:
            client.get(url)
        asked, spent = len(statements.captured_queries), []
        for _ in range(50):
            begun = time.process_time()
            client.get(url)
            spent.append((time.process_time() - begun) * 1000)
        print(f"| {name} | {statistics.median(spent):.1f} | {asked} |", flush=True)
    print(f"\n{idle()}\n")


def idle() -> str:
    """Megabytes of the web processes some seconds after the first page."""
    from bench.pages import Asker, Person, served

    with served() as (port, server):
        asker = Asker(port, Person().session)
        for _ in range(5):
            asker.ask("GET", "/customers/", asker.cookies)
        time.sleep(3)
        parts = {name: pss(pid) for pid, name in children(server.pid)}
    words = ", ".join(f"{name} {size:.0f} MB" for name, size in parts.items())
    return f"Memory at rest (proportional share): {words}; goal for a web process: 200 MB."


def children(parent: int) -> list[tuple[int, str]]:
    """The process and those it started, by what they are."""
    found = [(parent, "supervisor")]
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            above = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            command = (entry / "cmdline").read_text()
        except OSError:
            continue
        if above == parent and "resource_tracker" not in command:
            found.append((int(entry.name), "job worker" if "worker" in command.split("\0") else "web process"))
    return found


def pss(pid: int) -> float:
    """Megabytes, shared pages divided among those who share them."""
    lines: Any = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


if __name__ == "__main__":
    main()
