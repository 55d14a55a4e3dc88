"""Asks the product's own server and the floor the same questions with random parameters; prints a table of both."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

WARM = 20
SORTS = (
    "name",
    "grade",
    "stage",
    "last_contact_on",
    "last_on",
    "amount_12m",
    "amount_total",
    "profit_12m",
    "rfm",
)
STAGES = ("potential", "first", "repeat", "loyal", "dormant", "lost")
Given = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """`make` gives the product's address and form, and the floor's parameters."""

    name: str
    question: str
    goal: int
    make: Callable[[random.Random], tuple[str, Given | None, Given]]
    fragment: bool = False


def _unlimited(user: Any) -> None:
    """Nobody reads as much as a benchmark: its company has no limits."""
    from guanxi.custody.models import Safeguard
    from guanxi.kernel import work
    from guanxi.org.services import bump

    limits = Safeguard.objects.filter(company=user.company).first() or Safeguard(company=user.company)
    limits.opened_hour = limits.opened_day = limits.listed_hour = limits.listed_day = 0
    work.unit_of_work(limits.save)
    bump(user.company_id)


class Person:
    """The signed-in representative: cookie, scope, and rows to ask for."""

    def __init__(self) -> None:
        from django.test import Client

        from guanxi.customers.models import Account
        from guanxi.org.models import User

        self.user = User.objects.get(username="bench")
        _unlimited(self.user)
        client = Client(HTTP_HOST="127.0.0.1", REMOTE_ADDR="127.0.0.1", HTTP_USER_AGENT="bench")
        client.force_login(self.user)
        client.get("/customers/")
        self.session = client.cookies["session"].value
        self.rows = Account.objects.visible_to(self.user)
        self.scope = {
            "company": self.user.company_id,
            "person": self.user.pk,
            "department": self.user.department_id,
        }
        self.ids = list(self.rows.order_by("pk").values_list("pk", flat=True))
        self.own = list(self.rows.filter(owner=self.user).values_list("pk", flat=True))

    def cases(self) -> list[Case]:
        return [
            Case("first page of the customer list, any offered sort", "first_page", 3, self.first_page),
            Case("three conditions, one on a field extension", "three_conditions", 3, self.three_conditions),
            Case(f"page {self.deep:,} by keyset", "deep_page", 3, self.deep_page),
            *(Case(f"search: {kind}", "search", 3, self.search(kind), True) for kind in WORDS),
            Case("customer page with every panel", "customer", 4, self.customer),
            Case("inline edit, audited", "edit", 4, self.edit, True),
        ]

    def first_page(self, dice: random.Random) -> tuple[str, Given | None, Given]:
        sort = dice.choice(("", "-")) + dice.choice(SORTS) if dice.random() > 0.2 else "-id"
        return f"/customers/?view=all&sort={sort}", None, {"sort": sort}

    def three_conditions(self, dice: random.Random) -> tuple[str, Given | None, Given]:
        given = {
            "stage": dice.choice(STAGES),
            "completeness": dice.randrange(20, 60),
            "abc": dice.choice("ABC"),
        }
        where = [
            {"f": "stage", "op": "is", "v": given["stage"]},
            {"f": "completeness", "op": "gte", "v": given["completeness"]},
            {"f": "abc_amount", "op": "is", "v": given["abc"]},
            {"f": "retired_on", "op": "empty"},
        ]
        return "/customers/?" + urlencode({"view": "all", "where": json.dumps({"all": where})}), None, given

    @property
    def deep(self) -> int:
        return min(1000, len(self.ids) // 50 - 10)

    def deep_page(self, dice: random.Random) -> tuple[str, Given | None, Given]:
        from guanxi.web.paging import Cursor

        after = self.ids[-self.deep * 50 + dice.randrange(-300, 300)]
        return f"/customers/?view=all&after={quote(Cursor(after).pack('-id'))}", None, {"after": after}

    def search(self, kind: str) -> Callable[[random.Random], tuple[str, Given | None, Given]]:
        def make(dice: random.Random) -> tuple[str, Given | None, Given]:
            row = self.rows.get(pk=dice.choice(self.ids))
            text = WORDS[kind](row, dice)
            return f"/search/?q={quote(text)}", None, {"q": text}

        return make

    def customer(self, dice: random.Random) -> tuple[str, Given | None, Given]:
        pk = dice.choice(self.ids)
        return f"/customers/{pk}/", None, {"id": pk}

    def edit(self, dice: random.Random) -> tuple[str, Given | None, Given]:
        """Product and floor write to a row each: the version known of it must still be its own."""
        pk, other = (self.own.pop(dice.randrange(len(self.own))) for _side in range(2))
        text, version = f"备注 {dice.random()}", self.rows.values_list("version", flat=True).get(pk=pk)
        return (
            f"/customers/{pk}/cell/remark/",
            {"remark": text, "version": version},
            {"id": other, "remark": text},
        )


def _initials(row: Any, dice: random.Random) -> str:
    from pypinyin import Style, lazy_pinyin

    start = dice.randrange(3)
    return "".join(lazy_pinyin(row.name[start : start + 4], style=Style.FIRST_LETTER))


WORDS: dict[str, Callable[[Any, random.Random], str]] = {
    "1 character": lambda row, dice: row.name[dice.randrange(4)],
    "2 characters": lambda row, dice: row.name[(i := dice.randrange(4)) : i + 2],
    "3 characters": lambda row, dice: row.name[(i := dice.randrange(4)) : i + 3],
    "6 characters": lambda row, _dice: row.name[2:8],
    "nothing found": lambda _row, dice: dice.choice("魑魅魍魉饕餮") + dice.choice("甪龘靐齉"),
    "pinyin initials": _initials,
    "tail of a phone": lambda row, _dice: row.phone[-4:],
    "two words": lambda row, _dice: f"{row.name[:2]} {row.name[2:4]}",
}


@contextlib.contextmanager
def served() -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """`guanxi serve` with the bench's addresses, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "guanxi.cli", "serve", "--port", str(port), "--workers", "1"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        for _ in range(3000):
            if server.poll() is not None:
                raise SystemExit("The server ended at once: see what `guanxi serve` says (is a migration missing?).")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield port, server
    finally:
        server.terminate()
        server.wait(60)


class Asker:
    """One kept-alive connection; every answer is read whole."""

    def __init__(self, port: int, session: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies = {
            "Cookie": f"session={session}; csrf={'a' * 32}",
            "X-CSRFToken": "a" * 32,
            "User-Agent": "bench",
        }

    def product(self, case: Case, url: str, form: Given | None) -> tuple[float, int]:
        headers = self.cookies | ({"HX-Request": "true"} if case.fragment else {})
        if form is None:
            return self.ask("GET", url, headers)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return self.ask("POST", url, headers, urlencode(form))

    def floor(self, case: Case, given: Given) -> tuple[float, int]:
        url = f"/floor/{case.question}/?" + urlencode({"given": json.dumps(given)})
        return self.ask("POST" if case.question == "edit" else "GET", url, {"User-Agent": "bench"})

    def ask(self, method: str, url: str, headers: dict[str, str], body: str | None = None) -> tuple[float, int]:
        begun = time.perf_counter()
        self.connection.request(method, url, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - begun
        if answer.status != 200:
            raise SystemExit(f"{url} answered {answer.status}: {content[:300]!r}")
        return seconds, len(content)


def measure(case: Case, asker: Asker, scope: Given, rounds: int) -> str:
    """One line of the table: product and floor take turns, so that a busy moment does not fall on one of them alone."""
    dice, product, floor, size = random.Random(7), [], [], 50_000
    for number in range(rounds + WARM):
        url, form, given = case.make(dice)
        if number % 2:  # each finds what the other has read: they take turns at being the first
            two, _size = asker.floor(case, {**scope, **given, "bytes": size})
        one, size = asker.product(case, url, form)
        if not number % 2:
            two, _size = asker.floor(case, {**scope, **given, "bytes": size})
        if number >= WARM:
            product.append(one * 1000)
            floor.append(two * 1000)
    p50, p95 = statistics.median(product), statistics.quantiles(product, n=20)[-1]
    least = statistics.median(floor)
    verdict = "" if p50 <= case.goal * least and p95 <= 3 * p50 else " **missed**"
    return f"| {case.name} | {p50:.1f} | {p95:.1f} | {least:.1f} | {p50 / least:.1f} (≤ {case.goal}) | {p95 / p50:.1f} (≤ 3){verdict} |"


def main() -> None:
    import django

    django.setup()
    person, rounds = Person(), int(sys.argv[1])
    wanted = os.environ.get("CASES", "")
    print("| what | p50 ms | p95 ms | floor p50 ms | p50 to floor | p95 to p50 |\n|---|---|---|---|---|---|")
    with served() as (port, _server):
        asker = Asker(port, person.session)
        for case in person.cases():
            if wanted in case.name:
                print(measure(case, asker, person.scope, rounds), flush=True)
    print()


if __name__ == "__main__":
    main()
