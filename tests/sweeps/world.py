"""The world of the sweeps: two companies, a cast, and one row of every entity in every corner, made once a module."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from guanxi.api.models import Token
from guanxi.audit import guards
from guanxi.catalog.models import Product
from guanxi.kernel import clock, work
from guanxi.kernel import entities as registry
from guanxi.kernel.entities import Entity, entities, entity
from guanxi.kernel.models import Company, Job, Record, TagsField
from guanxi.org import access
from guanxi.org.models import Attachment, Department, Notice, User
from guanxi.org.services import bump, open_account, seed_roles
from guanxi.sales.models import Order
from guanxi.web.models import SavedView
from guanxi.worktime import queries as calendars
from tests.sweeps.table import CAST, OBJECTS

PASSWORD = "a long password 1"


def _branch_of(corner: Corner) -> Department:
    """A department of the corner's own, for rows of which a department has one."""
    made = Department(company=corner.company, name=f"分店{corner.name}", code=f"branch-{corner.name}")
    work.unit_of_work(made.save)
    return made


def _pool_of_leads(corner: Corner) -> Any:
    """A pool that holds leads: those of the other entities hold customers."""
    model = entity("pool.pool").model
    made = model(company=corner.company, name=f"线索池{corner.name}", content="leads")
    work.unit_of_work(made.save)
    return made


def _other_product(corner: Corner) -> Any:
    """A product that a link can lead to."""
    made = Product(company=corner.company, created_by=corner.owner, code=f"other-{corner.name}", name="备用件")
    work.unit_of_work(made.save)
    return made


PHONES = {"phone", "mobile"}
NUMBERED = {"cost", "profit", "margin", "unit_cost", "credit_limit", "registered_capital"}


# Columns that a generic filler would fill wrongly; everything else follows from the column's kind.
def _order_due(corner: Any) -> Any:
    """An order nothing else hangs on: what is due of the others follows from them."""
    order = Order(
        company=corner.company, created_by=corner.owner, number=f"due-{corner.name}", account=corner.rows["customers"],
        owner=corner.owner, department=corner.department,
    )  # fmt: skip
    work.unit_of_work(order.save)
    return order


SPECIAL: dict[str, dict[str, Any]] = {
    "customers.account": {
        "stage": "potential",
        "completeness": 50,
        "country": "CN",
        "region_code": "310000",
        "credit_code": None,
    },
    "customers.address": {"region_code": "310000", "postcode": "200000"},
    "customers.invoicetitle": {"tax_id": "91310115MA1K3A0J6K", "kind": "company"},
    "customers.invoicetitleversion": {"number": 99},
    "customers.importantdate": {"on": date(2020, 5, 1)},
    "customers.classscheme": {"classes": [{"code": "A", "name": "A"}], "kind": "manual", "params": {}},
    "customers.classstandard": {"effective_on": date(2020, 5, 1), "classes": [{"code": "A", "name": "A"}]},
    "customers.classreview": {"margin": Decimal(1)},
    "customers.planaction": {"due_on": date(2020, 5, 1)},
    "customers.tierpolicy": {"credit_factor": Decimal(1), "delivery_priority": 2},
    "customers.creditrule": {"months": Decimal(1), "floor": Decimal(0), "ceiling": Decimal(9)},
    "customers.classassignment": {"class_code": "A", "previous": ""},
    "customers.filingstandard": {"fields": []},
    "kernel.extrafield": {"label": "customers.need", "kind": "text"},
    "sales.receipt": {"amount": Decimal(100), "kind": "receipt", "currency": "CNY"},
    "sales.order": {"amount": Decimal(100), "currency": "CNY"},
    "sales.receivable": {"part": 1, "order": _order_due},
    "sales.orderline": {"quantity": Decimal(1), "discount": Decimal(0), "price": Decimal(100)},
    "sales.receiptshare": {"amount": Decimal(1)},
    "deals.lead": {"region_code": "310000", "account": None, "contact": None, "opportunity": None},
    "deals.leadstay": {"pool": _pool_of_leads},
    "deals.leadtenure": {"until": date(2026, 1, 5)},
    "pool.pool": {"hidden": ["phone", "email", "address", "contacts"]},
    "pool.recyclerule": {"count_from": "last_contact_on"},
    "incentives.entry": {"amount": Decimal(-20), "booked_on": None, "reverses": None, "duty_key": ""},
    "incentives.measure": {"kind": "praise", "amount": Decimal(0)},
    "learning.question": {"right": "a", "roles": []},
    "learning.attempt": {"score": 50, "passed": False},
    "learning.publication": {"roles": []},
    "learning.course": {"roles": []},
    "filing.rectificationcost": {"amount": Decimal(10)},
    "filing.inspectionplan": {"checks": ["missing"]},
    "org.user": {"is_active": True},
    "approvals.approval": {"kind": "kind-0", "state": "agreed", "label": "", "object_id": None},
    "interactions.interaction": {"at": datetime(2020, 5, 1, tzinfo=UTC), "minutes": 5},
    "interactions.visitplan": {"starts_on": date(2020, 5, 1), "ends_on": date(2020, 5, 2), "region_code": "310000"},
    "interactions.reception": {"day": date(2020, 5, 1), "until": None},
    "interactions.returnvisit": {"satisfaction": 4},
    "interactions.servicerequest": {"due_at": datetime(2020, 5, 1, tzinfo=UTC)},
    "custody.flag": {"day": date(2020, 5, 1), "kind": "exported", "level": "warning"},
    "handover.handover": {"state": "cancelled"},
    "handover.personnelchange": {"person": None, "kind": "entry"},
    "handover.accountrequest": {"person": None, "kind": "open", "roles": []},
    "handover.post": {"roles": []},
    "org.absence": {"starts_on": date(2020, 5, 1), "ends_on": date(2020, 5, 2), "deputy": None},
    "duplicates.merge": {
        "label": "customers.account",
        "undone_at": datetime(2020, 5, 1, tzinfo=UTC),
    },  # its account of what moved is invented
    "worktime.calendarday": {"kind": "restday", "notice_year": None},
    "worktime.openinghours": {"department": _branch_of, "opens_at": "08:00", "closes_at": "17:00"},
    "meetings.meeting": {"starts_at": "14:00", "ends_at": "15:00", "kind": "monthly"},
    "meetings.worklog": {"planned_at": datetime(2020, 5, 1, tzinfo=UTC), "logged_at": datetime(2020, 5, 1, tzinfo=UTC)},
    "meetings.bulletin": {"state": "published", "kind": "market", "valid_until": None},
    "corrections.correction": {"label": "sales.order", "field": "amount", "channel": "web"},
    "corrections.correctionrule": {"label": "sales.order", "from_days": 3, "from_amount": None},
    "targets.target": {
        "level": "person",
        "team": None,
        "measure": "orders",
        "period": "month",
        "category": None,
        "product": None,
    },
    "targets.commissionrate": {"rate": Decimal(5)},
    "targets.statement": {"state": "draft", "entry": None},
    "targets.commissionline": {"kind": "adjustment", "rate": Decimal(5)},
    "catalog.product": {"price": Decimal(100), "tax_rate": Decimal(13)},
    "offers.pricelist": {"grades": [], "channels": [], "currency": "CNY"},
    "offers.priceitem": {"price": Decimal(100)},
    "offers.quote": {"currency": "CNY"},
    "offers.quoteline": {
        "quantity": Decimal(1),
        "price": Decimal(100),
        "discount": Decimal(0),
        "tax_rate": Decimal(13),
    },
    "catalog.productlink": {"other": _other_product, "strength": 3},
    "deals.leadrecyclerule": {"pool": None, "days": 15, "warn_days": 3},
    "contracts.contract": {"currency": "CNY"},
    "sales.termspart": {"percent": Decimal(30), "after": "order"},
    "sales.instalment": {"amount": Decimal(10), "percent": None, "after": ""},
    "sales.delivery": {"planned_on": date(2020, 5, 1), "state": "planned"},
    "sales.deliveryline": {"quantity": Decimal(1)},
    "billing.invoice": {"state": "voided", "kind": "ordinary", "reverses": None, "tax_rate": Decimal(13)},
    "billing.invoiceline": {"amount": Decimal(1)},
    "billing.returnrequest": {"state": "withdrawn", "credit_note": None, "exchange": None},
    "billing.returnline": {"quantity": Decimal(1), "accepted": None},
    "billing.confirmation": {"first": date(2020, 5, 1), "last": date(2020, 5, 31), "theirs": Decimal(0)},
    "erp.erplink": {"what": "sales.order", "direction": "in", "format": "csv", "leader": "erp", "key": ""},
    "erp.erprun": {"direction": "in", "state": "done", "job": None},
}
# A table whose rows are unique in a way that fillers cannot guess: how the n-th row differs.
DISTINCT: dict[str, Any] = {
    "mail.mailbox": lambda n: {"address": f"box{n}@example.com"},
    "customers.tierpolicy": lambda n: {"grade": "A", "effective_on": date(2040, 1, 1 + n)},
    "customers.creditrule": lambda n: {"standing": ["AAA", "AA", "A", "B", "C"][n % 5]},
    "approvals.flow": lambda n: {"kind": f"kind-{n}"},
    "customers.stageplaybook": lambda n: {"stage": ["potential", "first", "repeat", "loyal", "dormant", "lost"][n % 6]},
    "org.formnumber": lambda n: {"key": "minutes", "valid_from": date(2020, 1, 1 + n)},
    "filing.filingrules": lambda n: {"valid_from": date(2020, 1, 1 + n)},
    "custody.flag": lambda n: {"turn": n},
    "custody.cardreview": lambda n: {"week": date(2020, 1, n + 1)},
    "custody.daytalk": lambda n: {"day": date(2020, 1, n + 1)},
    "custody.salesplan": lambda n: {"quarter": 1, "year": 2000 + n},
    "custody.exportlog": lambda n: {"number": f"EX-{n}"},
    "incentives.monthclose": lambda n: {"month": date(2020, 1 + n, 1)},
    "filing.finding": lambda n: {"field": f"field{n}"},
    "catalog.gradespan": lambda n: {"since": date(2020, 1, 1 + n)},
    "corrections.correctionrule": lambda n: {
        "field": ["amount", "ordered_on", "due_on", "owner", "state", "account"][n]
    },
    "targets.target": lambda n: {"starts_on": date(2020, 1 + n, 1)},
    "targets.commissionplan": lambda n: {"starts_on": date(2020, 1, 1 + n)},
    "targets.statement": lambda n: {"month": date(2020, 1 + n, 1)},
    "catalog.profitgrade": lambda n: {"from_margin": Decimal(n)},
    "worktime.calendarday": lambda n: {"date": date(2020, 1, 1 + n)},
    "meetings.worklog": lambda n: {"day": clock.today() - timedelta(days=n)},
    "handover.sharingsign": lambda n: {"day": date(2026, 1, 1 + n)},
}


SHOWN = {"account": "customers", "lead": "leads"}  # what a row of a pool stands for


@dataclass
class Corner:
    """Where a row stands: the company, who looks after it, in which department, and the rows made there before."""

    name: str
    company: Company
    owner: User
    department: Department
    rows: dict[str, Any] = field(default_factory=dict)


@dataclass(repr=False)
class World:
    companies: dict[str, Company] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    corners: dict[str, Corner] = field(default_factory=dict)
    values: dict[tuple[str, str, str], str] = field(default_factory=dict)  # (corner, slug, field) -> canary
    tokens: dict[str, str] = field(default_factory=dict)
    things: dict[str, dict[str, Any]] = field(default_factory=dict)  # URL name -> its arguments, owner: representative
    made: int = 0
    text: Any = None  # what stands in text columns; None: a canary of its own each
    clients: dict[str, Client] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def pk(self, corner: str, slug: str) -> int:
        return int(self.corners[corner].rows[slug].pk)

    def client(self, role: str) -> Client:
        """A signed-in browser of this role; "anonymous" has none."""
        if role not in self.clients:
            client = Client(raise_request_exception=False)
            if role != "anonymous":
                client.force_login(self.people[role])
            self.clients[role], self.cookies[role] = client, client.cookies.output()
        elif self.clients[role].cookies.output() != self.cookies[role]:  # some address signed this browser out
            self.clients[role].cookies.clear()
            self.clients[role].cookies.load(self.cookies[role].replace("Set-Cookie: ", ""))
        return self.clients[role]


def build(text: Any = None) -> World:
    """Make everything; `text(model field, number)` fills text columns instead of canaries."""
    world = World(text=text)
    for key, name in (("ours", "远航设备"), ("theirs", "别家公司")):
        world.companies[key] = Company.objects.create(code=f"sweep-{key}", name=name, short_name=name[:2])
    for key, of in (("hq", "ours"), ("east", "ours"), ("west", "ours"), ("foreign", "theirs")):
        parent = world.departments.get("hq") if key in ("east", "west") else None
        made = Department(company=world.companies[of], name=f"部门{key}", code=f"{key}-x", parent=parent)
        work.unit_of_work(made.save)
        world.departments[key] = made
    roles = {key: seed_roles(company) for key, company in world.companies.items()}
    extra = {"colleague": CAST["representative"], "stranger": ("representative", "ours", "west")}
    for person, (preset, company, department) in {**CAST, **extra}.items():
        world.people[person] = open_account(
            world.companies[company], roles=[roles[company][preset]], username=f"sweep-{person}", name=f"人{person}",
            department=world.departments[department], password=PASSWORD,
        )  # fmt: skip
    for key, (company, person, department) in OBJECTS.items():
        corner = Corner(key, world.companies[company], world.people[person], world.departments[department])
        world.corners[key] = corner
        for declared in entities():
            make(world, corner, declared)
    for declared in entities():
        row = world.corners["deleted"].rows[declared.slug]
        if not _is_final(declared):
            type(row).everything.filter(pk=row.pk).update_silently(deleted_at=row.created_at)
    _remember(world)
    _things(world)
    for company in world.companies.values():
        bump(company.pk)
    access._access.cache_clear()
    registry._fields.cache_clear()
    return world


def _remember(world: World) -> None:
    """What is stored in the end: saving one row may derive values of another."""
    for corner in world.corners.values():
        for slug, row in corner.rows.items():
            for name, value in type(row)._base_manager.filter(pk=row.pk).values().get().items():
                if isinstance(value, str | Decimal) and value:
                    world.values[corner.name, slug, name] = str(value)
        for declared in entities():
            for found in declared.extra_fields:  # what a row shows of the customer it stands for
                link, _dots, path = found.path.partition("__")
                if (value := world.values.get((corner.name, SHOWN.get(link, ""), path))) is not None:
                    world.values[corner.name, declared.slug, found.name] = value


def make(world: World, corner: Corner, declared: Entity) -> Any:
    """The row of an entity in a corner, with what it must hang on made first."""
    if declared.slug in corner.rows:
        return corner.rows[declared.slug]
    corner.rows[declared.slug] = None  # a link back to itself stays empty
    world.made += 1
    given = {
        **SPECIAL.get(declared.label, {}),
        **DISTINCT.get(declared.label, lambda _n: {})(len(world.corners)),
    }
    row = declared.model(company=corner.company, created_by=corner.owner)
    for column in declared.model._meta.concrete_fields:
        if column.name in given:
            value = given[column.name]
            setattr(row, column.name, value(corner) if callable(value) else value)
        elif column.name not in (
            "id",
            "company",
            "version",
            "created_by",
            "deleted_at",
            "extra",
            "password",
            "path",
            "last_login",
        ):
            _fill(world, corner, declared, row, column)
    if corner.name == "deleted" and _is_final(declared):
        row.deleted_at = row.created_at
    work.unit_of_work(row.save)
    corner.rows[declared.slug] = row
    return row


def _is_final(declared: Entity) -> bool:
    """Nobody deletes an entry of a ledger; one that was comes that way, for without its triggers (a change of the schema)
    SQLite would read the whole schema again after each request that is undone."""
    table = declared.model._meta.db_table
    return any(guard.table == table and guard.event == "update" for guard in guards.every())


def _fill(world: World, corner: Corner, declared: Entity, row: Any, column: Any) -> None:
    if isinstance(column, models.ForeignKey):
        row_of = _linked(world, corner, column)
        if row_of is not None:
            setattr(row, column.name, row_of)
        return
    value = _value(world, declared, column)
    if value is None:
        return
    setattr(row, column.name, value)


def _linked(world: World, corner: Corner, column: Any) -> Any:
    target = column.related_model
    if target is User:
        return corner.owner
    if target is Department:
        return corner.department
    if column.null and target._meta.label_lower == column.model._meta.label_lower:
        return None
    if not issubclass(target, Record) or not any(e.label == target._meta.label_lower for e in entities()):
        return None
    return make(world, corner, entity(target))


_number = iter(range(1, 10**9))


def _value(world: World, declared: Entity, column: Any) -> Any:
    n = next(_number)
    if column.choices:
        return column.get_default() or column.flatchoices[0][0]
    if isinstance(column, TagsField):
        return ["标签"]
    if isinstance(column, models.DecimalField):
        return Decimal(f"{1000 + n % 8999}.{10 + n % 89}") if column.name in NUMBERED else None
    if isinstance(column, models.DateField | models.BooleanField | models.JSONField | models.IntegerField):
        return None if column.null or column.has_default() else _required(column)
    if (
        world.text is not None
        and column.name not in ("username", "code", "name")
        and not isinstance(column, models.SlugField)
    ):
        return world.text(column, n)
    if column.name in PHONES:
        return f"139{70_000_000 + n}"
    if column.name == "email":
        return f"canary{n}@example.com"
    return f"cnry{n:05d}"[: column.max_length or 20] if (column.max_length or 20) > 5 else column.get_default()


def _required(column: Any) -> Any:
    if isinstance(column, models.JSONField):
        return {}
    if isinstance(column, models.DateTimeField):
        return datetime(2026, 1, 5, tzinfo=UTC)
    return date(2026, 1, 5) if isinstance(column, models.DateField) else 1


def _things(world: World) -> None:
    """Rows that belong to the representative or hang on their customer, by the name of the address that opens them."""
    corner, mine = world.corners["own"], world.people["representative"]
    account = corner.rows["customers"]
    kept: dict[str, Any] = {"company": corner.company, "created_by": mine}
    file = Attachment(
        **kept,
        author=mine,
        label="customers.account",
        object_id=account.pk,
        name="a.txt",
        size=1,
        media_type="text/plain",
        digest="0" * 64,
    )
    view = SavedView(**kept, label="customers.account", name="我的", owner=mine)
    work.unit_of_work(file.save)
    work.unit_of_work(view.save)
    notice = Notice.objects.create(company=corner.company, user=mine, text="提醒", url="/customers/")
    job = Job.objects.create(company=corner.company, name="web.bulk", requested_by=mine, state="done")
    arguments = {"declared": "customers", "pk": 1}
    world.things = {
        "file": {"pk": file.pk}, "file-delete": {"pk": file.pk}, "view-delete": {"declared": "customers", "pk": view.pk},
        "open-notice": {"pk": notice.pk}, "job": {"pk": job.pk}, "job-cancel": {"pk": job.pk}, "export-file": {"pk": job.pk},
        **{f"import-{step}": arguments for step in ("match", "run", "check", "result", "errors", "undo")},
    }  # fmt: skip
    for role in CAST:
        world.tokens[role] = Token.issue(world.people[role], "sweep")
        world.client(role)  # signed in now: a session made in a test would be gone after it


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside never happened: rows, rights kept in memory, everything."""
    versions = dict(Company.objects.values_list("pk", "config_version"))
    with transaction.atomic():
        yield
        moved = dict(Company.objects.values_list("pk", "config_version")) != versions
        transaction.set_rollback(True)
    if moved:
        calendars.kept.clear()
        access._access.cache_clear()
        registry._fields.cache_clear()


def url_names() -> dict[str, list[str]]:
    """Every URL name with its route, from the project's resolver; a pattern without a name is called by its route."""
    found: dict[str, list[str]] = {}

    def walk(patterns: list[Any], prefix: str) -> None:
        for part in patterns:
            route = prefix + str(part.pattern)
            if isinstance(part, URLResolver):
                walk(part.url_patterns, route)
            elif isinstance(part, URLPattern):
                found.setdefault(part.name or route, []).append(route)

    walk(get_resolver().url_patterns, "")
    return found
