"""What the journeys share: a served company in Chinese, people who sign in, and what must hold on every page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import caches
from django.utils import timezone

from guanxi.conftest import (  # noqa: F401 -- the cast
    company,
    east,
    headquarters,
    hire,
    leader,
    other_company,
    outsider,
    owner,
    rival,
    roles,
    seller,
    stranger,
    west,
)
from guanxi.kernel import clock
from guanxi.web.templatetags.kept import parts

SHANGHAI = ZoneInfo("Asia/Shanghai")
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


class Visitor:
    """One browser page of one person; keeps what the scripts complained about."""

    def __init__(self, tab: Any, base: str) -> None:
        self.tab, self.base = tab, base
        self.troubles: list[str] = []
        tab.set_default_timeout(30_000)
        tab.on("pageerror", lambda error: self.troubles.append(str(error)))
        tab.on("console", self._note)

    def _note(self, line: Any) -> None:
        # A refusal (4xx) is an answer like any other; the browser reports it as an error of loading.
        if line.type == "error" and "Failed to load resource" not in line.text:
            self.troubles.append(line.text)

    def enter(self, person: Any) -> Visitor:
        """Sign in without the form: a session of the person's own."""
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = django_settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.save()
        self.tab.context.clear_cookies()
        cookie = {"name": django_settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": self.base}
        self.tab.context.add_cookies([cookie])
        return self

    def go(self, path: str) -> Any:
        """Open an address of the product; the answer's status is returned."""
        answer = self.tab.goto(self.base + path)
        self.fits()
        return answer.status if answer else 0

    def fits(self) -> None:
        """Nothing sticks out to the right."""
        self.tab.wait_for_function("() => document.readyState === 'complete'")
        wide = self.tab.evaluate("[document.scrollingElement.scrollWidth, innerWidth, location.pathname]")
        assert wide[0] <= wide[1], wide

    def press(self, name: str, *, role: str = "button", within: str = "body") -> None:
        wanted = self.tab.locator(within).get_by_role(role, name=name, exact=True).locator("visible=true")
        folded = self.tab.locator(f"{within} .fold-b")
        if within == ".rec-tabs" and wanted.count() == 0 and folded.count():  # a tab that found no room in the strip
            folded.click()
        wanted.first.click()

    def act(self, verb: str) -> None:
        """Choose a verb of the record, from its bar or its menu; its dialog opens."""
        bar = self.tab.locator(".rec-act")
        link = bar.get_by_role("link", name=verb, exact=True)
        if link.locator("visible=true").count() == 0:
            bar.get_by_label("更多操作").click()
        link.locator("visible=true").first.click()
        self.tab.locator("#dialog form").wait_for()

    def confirm(self, verb: str) -> None:
        """Press the verb in its dialog; the record says that it was done, once more if it said so of the time before."""
        done = f"已完成“{verb}”"
        self.tab.locator("main").get_by_text(done).evaluate_all("said => said.forEach((one) => one.remove())")
        self.press(verb, within="#dialog")
        self.sees(done, within="main")
        self.fits()

    def choose(self, field: str, text: str, *, within: str = "body") -> None:
        """Take the option that shows the text; a searchable select is typed into."""
        plain = self.tab.locator(f"{within} select[name='{field}']")
        plain.wait_for(state="attached")
        box = plain.locator("xpath=following-sibling::*[contains(@class, 'ts-wrapper')]")
        if box.count() == 0:
            plain.select_option(label=text)
            return
        box.locator(".ts-control").click()
        box.locator("input").last.fill(text)
        self.tab.locator(".ts-dropdown .option", has_text=text).filter(visible=True).first.click()

    def sees(self, *texts: str, within: str = "body") -> None:
        """Waits until each text is on the page, visible."""
        for text in texts:
            self.tab.locator(within).get_by_text(text).filter(visible=True).first.wait_for()

    def lacks(self, *texts: str) -> None:
        content = self.tab.content()
        assert [text for text in texts if text in content] == []

    @property
    def narrow(self) -> bool:
        return bool(self.tab.viewport_size["width"] < 800)

    def audit(self) -> list[str]:
        """Breaches of WCAG 2.2 A and AA that axe finds on the page as it stands."""
        self.tab.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.tab.evaluate(
            "rules => axe.run({runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})", RULES
        )
        return [
            f"{v['id']}: {node['target']} {node['failureSummary']}" for v in found["violations"] for node in v["nodes"]
        ]


@pytest.fixture(scope="session")
def fresh_assets() -> None:
    """Scripts, styles and icons as the sources have them now."""
    from guanxi.project import assets

    assets.build()


@pytest.fixture
def site(fresh_assets: None, transactional_db: None, live_server: Any, settings: Any) -> Iterator[str]:
    """The address of the served product, which speaks Chinese."""
    settings.LANGUAGE_CODE = "zh-hans"
    parts.clear()
    caches["default"].clear()
    yield live_server.url


@pytest.fixture
def visit(page: Any, site: str) -> Iterator[Visitor]:
    """The tester's own page, at both widths."""
    visitor = Visitor(page, site)
    yield visitor
    assert visitor.troubles == []


@pytest.fixture
def colleague(browser: Any, site: str, page: Any) -> Iterator[Callable[[Any], Visitor]]:
    """A second browser for another person: `colleague(user)`."""
    opened: list[Any] = []

    def one(person: Any) -> Visitor:
        context = browser.new_context(viewport=page.viewport_size, locale="zh-CN", timezone_id="Asia/Shanghai")
        opened.append(context)
        return Visitor(context.new_page(), site).enter(person)

    yield one
    for context in opened:
        context.close()


@pytest.fixture
def hour(visit: Visitor, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`hour(18, 17, 30)`: server and browser take it for this time of November 2026; the 18th is a Wednesday."""

    def turn(day: int, hour: int, minute: int = 0, *, month: int = 11) -> None:
        moment = datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        monkeypatch.setattr(clock, "time", moment.timestamp)  # of which the day is worked out
        visit.tab.clock.set_fixed_time(moment)

    return turn
