"""Building the demonstration company in units of work, and clearing away what a killed run left behind."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial, reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Q

from guanxi.audit import guards
from guanxi.desk.demo.care import build_care
from guanxi.desk.demo.contacts import build_contacts
from guanxi.desk.demo.counter import build_counters
from guanxi.desk.demo.custody import build_custody
from guanxi.desk.demo.customers import Customers
from guanxi.desk.demo.deals import build_deals
from guanxi.desk.demo.fulfil import build_fulfilment
from guanxi.desk.demo.learning import build_learning
from guanxi.desk.demo.leaving import build_leaving
from guanxi.desk.demo.ledger import build_ledger
from guanxi.desk.demo.meetings import build_meetings
from guanxi.desk.demo.offers import build_offers
from guanxi.desk.demo.pay import build_commission, build_targets
from guanxi.desk.demo.pools import Pools
from guanxi.desk.demo.presence import build_presence
from guanxi.desk.demo.service import build_hours, build_service
from guanxi.desk.demo.slips import build_slips
from guanxi.desk.demo.staff import Organisation, build_staff
from guanxi.desk.demo.trade import Trade, build_products
from guanxi.kernel import clock, context
from guanxi.kernel.models import Company
from guanxi.kernel.work import unit_of_work
from guanxi.org.services import furnish
from guanxi.rulebook.engine import judge
from guanxi.rulebook.services.books import load, ready

CODE = "yuanhang"
BATCH = 1000
CACHE = -160_000  # kilobytes of pages kept while loading
BOOKS_SINCE = 60  # days the rulebooks have been in force
Progress = Callable[[str, int, int], None]  # what is being made, how many are done, of how many


def standing() -> Company | None:
    """The finished demonstration company, if there is one."""
    company = Company.objects.filter(code=CODE).first()
    return company if company and company.settings.get("demo") == "done" else None


def build(customers: int, progress: Progress) -> Company:
    """Make everything anew; a run that was killed is cleared away first, so the result is always whole."""
    erase(progress)
    company = Company.objects.create(
        code=CODE, name="远航设备有限公司", short_name="远航设备", settings={"demo": "loading"}
    )
    gc.disable()  # millions of objects that hold each other only shortly
    try:
        with context.acting(channel="shell", actor_name="demo"), _roomy():
            _fill(company, customers, progress)
    finally:
        gc.enable()
    company.refresh_from_db()
    company.settings = {**company.settings, "demo": "done"}
    company.save(update_fields=["settings"])
    _analyse()
    return company


@contextmanager
def _roomy() -> Iterator[None]:
    """Indexes that are written in no order stay in memory: SQLite would read and write their pages again and again."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        (usual,) = cursor.fetchone()
        cursor.execute(f"PRAGMA cache_size = {CACHE}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size = {usual}")


def _fill(company: Company, customers: int, progress: Progress) -> None:
    today = clock.today()
    progress("staff", 0, 1)
    furnish(company)
    staff: Organisation = unit_of_work(partial(_found, company), verb="demo")
    trade = Trade(company, unit_of_work(lambda: build_products(company), verb="demo"), today)
    progress("staff", staff.people, staff.people)
    made = 0
    for batch in Customers(staff, today).batches(customers, BATCH):
        unit_of_work(batch.save, verb="demo")
        for account in batch.accounts:
            trade.consider(account)
        made += len(batch.accounts)
        progress("customers", made, customers)
        gc.collect(0)
    if customers:
        unit_of_work(lambda: build_counters(staff, today), verb="demo")
    made = 0
    for deals in trade.batches(BATCH):
        unit_of_work(deals.save, verb="demo")
        made += sum(order.returns_id is None for order in deals.orders)
        progress("orders", made, len(trade.plan))
        gc.collect(0)
    _analyse()  # what follows asks in sets, and a planner that takes the tables for empty would never end
    for build_more in (build_care, build_contacts):
        unit_of_work(partial(build_more, company, today), verb="demo")
    if customers:
        unit_of_work(partial(build_service, staff, today), verb="demo")
    unit_of_work(partial(build_deals, staff, today), verb="demo")
    pools = Pools(staff)
    unit_of_work(pools.open, verb="demo")
    made = pools.fill()
    progress("pools", made, made)
    unit_of_work(partial(build_leaving, staff), verb="demo")
    for build_more in (build_meetings, build_offers):
        unit_of_work(partial(build_more, company, today), verb="demo")
    if customers:
        unit_of_work(partial(build_slips, staff, today), verb="demo")
    _follow(staff, today)
    progress("rules", 1, 1)


def _found(company: Company) -> Organisation:
    staff = build_staff(company)
    build_hours(company)
    return staff


def _follow(staff: Organisation, today: date) -> None:
    """The rulebooks, and what rests on everything before: incentives, learning, targets, deliveries, commission, duties."""
    for book in ready():
        load(staff.company, book, effective_on=today - timedelta(days=BOOKS_SINCE))
    for build_last in (build_ledger, build_learning, build_custody, build_targets, build_presence):
        unit_of_work(partial(build_last, staff, today), verb="demo")
    build_fulfilment(staff, today)
    build_commission(staff, today)
    judge(staff.company, clock.now())


def erase(progress: Progress) -> None:
    """Remove the demonstration company with all its rows in one transaction; the audit trail keeps its entries."""
    company = Company.objects.filter(code=CODE).first()
    if company is None:
        return
    # Rows between two others (memberships, sessions) first: their company is known only through those.
    models = list(reversed(apps.get_models(include_auto_created=True)))
    models.sort(key=lambda model: bool(_links(model, Company)))
    with guards.lifted():
        # Foreign keys are checked at COMMIT, so the order of deletion is free otherwise.
        for number, model in enumerate(models, 1):
            links = _links(model, Company) or [f"{name}__company" for name in _between(model)]
            if links and not model._meta.proxy:
                rows = model._base_manager.filter(reduce(or_, (Q(**{name: company}) for name in links)))
                rows._raw_delete(rows.db)
            progress("erasing", number, len(models))
        Company.objects.filter(pk=company.pk).delete()


def _links(model: type[Any], target: type[Any]) -> list[str]:
    columns = model._meta.concrete_fields
    return [column.name for column in columns if column.is_relation and column.related_model is target]


def _between(model: type[Any]) -> list[str]:
    """The links of a row that has no company of its own to rows that have one."""
    columns = model._meta.concrete_fields
    return [column.name for column in columns if column.is_relation and hasattr(column.related_model, "company")]


def _analyse() -> None:
    """Tell the planner how large the tables have become."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
