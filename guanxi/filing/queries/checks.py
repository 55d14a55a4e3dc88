"""What is wrong with files: missing, impossible, duplicate, fictitious, misbooked; a batch of files in a few queries."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from guanxi.customers.models import Account, Contact
from guanxi.customers.queries.filing import assess, related_rows, standard_for, standards
from guanxi.duplicates.kinds import kind_of
from guanxi.duplicates.likeness import CERTAIN
from guanxi.duplicates.models import Pair
from guanxi.duplicates.queries.check import look
from guanxi.filing.models import CHECKED, Defect
from guanxi.formats.codes import check_email, check_uscc, parse_phone
from guanxi.formats.regions import region
from guanxi.formats.values import BadValue
from guanxi.kernel import clock
from guanxi.kernel.entities import entity
from guanxi.sales.models import Order, Receipt

SHARED_BY = 3  # files with one phone from which they look made up
TELLING, PROVING = {"code", "name", "key"}, {"code", "mobile", "line", "person"}
_REPEATED = re.compile(r"(\d)\1{6,}")
_RISING = ("12345678", "23456789", "87654321", "98765432")
_NAMES = re.compile(
    r"(测试|试验|某某|无名|未知|不详|不知道|客户|顾客|张三|李四|王五|test|demo|asdf|qwer|abc|xxx|aaa|none)[\d一二三]*|.{0,3}(测试|test).{0,2}|(.)\3{2,}|\d+",
    re.IGNORECASE,
)
_PLACES = re.compile(
    r"(无|不详|未知|暂无|某地|本地|测试|地址|test|none|xxx|[a-z]{1,6}|\d{1,6}|(.)\2{2,})", re.IGNORECASE
)


@dataclass(frozen=True)
class Fault:
    """One defect of one file; `other` is the file it collides with, `order` the sale that is booked here."""

    kind: str
    field: str
    text: str
    other: int | None = None
    order: int | None = None


def facts() -> tuple[tuple[str, Any], ...]:
    """What a file consists of, by name: its fields, and what hangs on it."""
    declared = entity(Account)
    fields = ((name, field.label) for name, field in declared.fields_for(None).items())
    return (*fields, *((relation.name, relation.title) for relation in declared.relations))


class Checker:
    """The checks of one company; `first` and `last` bound the sales that are looked at."""

    def __init__(
        self, company_id: int, kinds: Collection[str] = CHECKED, first: date | None = None, last: date | None = None
    ) -> None:
        self.company_id, self.kinds = company_id, set(kinds or CHECKED)
        self.first, self.last = first, last or clock.today()
        self.standards = standards(company_id)

    def check(self, accounts: Iterable[Account]) -> dict[int, list[Fault]]:
        """The faults of these files, by file; files without faults are left out."""
        rows = [account for account in accounts if account.retired_on is None]
        found: dict[int, list[Fault]] = defaultdict(list)
        for kinds, find in (
            ({Defect.MISSING, Defect.IMPOSSIBLE}, self._standard),
            ({Defect.DUPLICATE, Defect.FICTITIOUS}, self._neighbours),
            ({Defect.FICTITIOUS}, self._invented),
            ({Defect.MISBOOKED}, self._misbooked),
        ):
            if self.kinds & kinds:
                find(rows, found)
        wanted = {pk: [fault for fault in faults if fault.kind in self.kinds] for pk, faults in found.items()}
        return {pk: _once(faults) for pk, faults in wanted.items() if faults}

    def _standard(self, rows: list[Account], found: dict[int, list[Fault]]) -> None:
        """What the filing standard asks for and the file lacks, and what cannot be."""
        related = related_rows([row.pk for row in rows], self.standards)
        for row in rows:
            measured = assess(row, standard_for(row, self.standards), related[row.pk])
            for gap in measured.missing:
                if gap.wrong:
                    found[row.pk].append(
                        Fault(Defect.IMPOSSIBLE, gap.field, _("%(what)s: wrong format") % {"what": gap.label})
                    )
                elif gap.required:
                    found[row.pk].append(
                        Fault(Defect.MISSING, gap.field, _("%(what)s is missing") % {"what": gap.label})
                    )
            found[row.pk] += impossible(row)

    def _neighbours(self, rows: list[Account], found: dict[int, list[Fault]]) -> None:
        """Phones of too many files, and older files that the check for duplicates takes for the same customer."""
        crowded = self._crowded({row.phone for row in rows if _own_line(row.phone)})
        for row in rows:
            if row.phone in crowded:
                n, other = crowded[row.phone]
                text = _("The phone stands in %(n)d files") % {"n": n}
                found[row.pk].append(Fault(Defect.FICTITIOUS, "phone", text, other))
        if Defect.DUPLICATE in self.kinds:
            self._twins(rows, crowded, found)

    def _crowded(self, phones: set[str]) -> dict[str, tuple[int, int]]:
        """Of these phones those that too many files have, groups of companies counting once: how many, and the first."""
        known: dict[str, dict[int, int]] = defaultdict(dict)
        rows = Account.objects.filter(company_id=self.company_id, phone__in=phones).order_by("pk")
        for phone, pk, parent in rows.values_list("phone", "pk", "parent_id"):
            known[phone].setdefault(parent or pk, pk)
        return {
            phone: (len(files), next(iter(files.values()))) for phone, files in known.items() if len(files) >= SHARED_BY
        }

    def _twins(self, rows: list[Account], crowded: Collection[str], found: dict[int, list[Fault]]) -> None:
        """What `duplicates` finds, but for groups of companies and for pairs somebody has looked at and parted."""
        kind = kind_of(Account._meta.label_lower)
        if kind is None:
            return
        likely = dict(zip(rows, look([kind.of_row(row) for row in rows], self.company_id), strict=True))
        older = {
            row: {
                pk: like
                for (label, pk), like in alike.items()
                if label == kind.label and pk < row.pk and not like.related
            }
            for row, alike in likely.items()
        }
        others = {one.pk: one for one in Account.objects.filter(pk__in={pk for some in older.values() for pk in some})}
        parted = self._parted(rows)
        for row, alike in older.items():
            sure = sorted(alike, key=lambda pk: (-alike[pk].score, pk))
            for pk in sure:
                reasons = set(alike[pk].reasons)
                if pk not in others or _kin(row, pk, others[pk].parent_id) or (pk, row.pk) in parted:
                    continue
                vague = not reasons & PROVING and alike[pk].score < CERTAIN
                if vague and (reasons <= {"brand", "city"} or _elsewhere(row, others[pk])):
                    continue  # a similar name is for the eye of whoever screens, not for an incentive
                if (row.phone in crowded or not _own_line(row.phone)) and not reasons & TELLING:
                    continue  # a number of many says nothing
                found[row.pk].append(_twin(reasons, others[pk]))
                break

    def _parted(self, rows: list[Account]) -> set[tuple[int, int]]:
        pairs = Pair.objects.filter(b__in=rows, state=Pair.State.DIFFERENT)
        return set(pairs.values_list("a", "b"))

    def _invented(self, rows: list[Account], found: dict[int, list[Fault]]) -> None:
        """Numbers and names nobody has, and places that are none where nothing ever happened."""
        suspects = [
            row
            for row in rows
            if row.address and _PLACES.fullmatch(row.address.strip()) and row.last_contact_on is None
        ]
        ids = [row.pk for row in suspects]
        busy: set[int] = set()
        if ids:
            busy |= set(Order.objects.filter(account__in=ids).values_list("account", flat=True))
            busy |= set(Contact.objects.filter(account__in=ids).values_list("account", flat=True))
        quiet = {row.pk for row in suspects} - busy
        for row in rows:
            digits = re.sub(r"\D", "", row.phone)
            if _REPEATED.search(digits) or any(run in digits for run in _RISING):
                found[row.pk].append(
                    Fault(
                        Defect.FICTITIOUS, "phone", _("Nobody has this phone number: %(phone)s") % {"phone": row.phone}
                    )
                )
            if _NAMES.fullmatch(row.name.strip()):
                found[row.pk].append(
                    Fault(Defect.FICTITIOUS, "name", _("This name looks made up: %(name)s") % {"name": row.name})
                )
            if row.pk in quiet:
                text = _("No dealings, and an address that is none: %(text)s") % {"text": row.address[:60]}
                found[row.pk].append(Fault(Defect.FICTITIOUS, "address", text))

    def _misbooked(self, rows: list[Account], found: dict[int, list[Fault]]) -> None:
        """Sales whose contact, receiver or payer is another customer."""
        by_pk = {row.pk: row for row in rows}
        spoken = self._orders(by_pk)
        numbers = {number for _order, number in spoken}
        holders = self._phone_holders(numbers)
        for order, number in spoken:
            owners = holders.get(number, set())
            strangers = {pk: name for pk, name, parent in owners if not _kin(by_pk[order.account_id], pk, parent)}
            if strangers and all(pk != order.account_id for pk, _n, _p in owners):
                pk, name = next(iter(sorted(strangers.items())))
                text = _("Order %(number)s: the phone belongs to %(name)s") % {"number": order.number, "name": name}
                found[order.account_id].append(Fault(Defect.MISBOOKED, f"order {order.pk}"[:40], text, pk, order.pk))
        self._payers(by_pk, found)

    def _orders(self, by_pk: dict[int, Account]) -> list[tuple[Order, str]]:
        orders = (
            Order.objects.filter(account__in=by_pk, ordered_on__lte=self.last)
            .exclude(phone="")
            .exclude(state="cancelled")
        )
        orders = orders.filter(ordered_on__gte=self.first) if self.first else orders
        found = []
        for order in orders.only("pk", "account_id", "number", "phone"):
            number = _number(order.phone)
            if number and number != by_pk[order.account_id].phone:
                found.append((order, number))
        return found

    def _phone_holders(self, numbers: set[str]) -> dict[str, set[tuple[int, str, int | None]]]:
        """Whose numbers these are: (file, name, parent company), contacts included."""
        held: dict[str, set[tuple[int, str, int | None]]] = defaultdict(set)
        if not numbers:
            return held
        rows = Account.objects.filter(company_id=self.company_id, phone__in=numbers)
        for pk, name, parent, phone in rows.values_list("pk", "name", "parent_id", "phone"):
            held[phone].add((pk, name, parent))
        people = Contact.objects.filter(Q(mobile__in=numbers) | Q(phone__in=numbers), company_id=self.company_id)
        columns = ("account_id", "account__name", "account__parent_id", "mobile", "phone")
        for pk, name, parent, mobile, phone in people.values_list(*columns):
            for number in {mobile, phone} & numbers:
                held[number].add((pk, name, parent))
        return held

    def _payers(self, by_pk: dict[int, Account], found: dict[int, list[Fault]]) -> None:
        receipts = Receipt.objects.filter(account__in=by_pk, received_on__lte=self.last, kind="receipt").exclude(
            payer=""
        )
        receipts = receipts.filter(received_on__gte=self.first) if self.first else receipts
        paid = [(r.account_id, r.number, r.payer.strip()) for r in receipts.only("account_id", "number", "payer")]
        paid = [one for one in paid if one[2] not in (by_pk[one[0]].name, by_pk[one[0]].short_name)]
        names = {name for _a, _n, name in paid if len(name) > 3}
        rows = Account.objects.filter(company_id=self.company_id, name__in=names).values_list("name", "pk", "parent_id")
        others = {name: (pk, parent) for name, pk, parent in rows}
        for account_id, number, name in paid:
            if name in others and not _kin(by_pk[account_id], *others[name]):
                text = _("Receipt %(number)s was paid by %(name)s") % {"number": number, "name": name}
                found[account_id].append(Fault(Defect.MISBOOKED, f"receipt {number}"[:40], text, others[name][0]))


def impossible(row: Account) -> list[Fault]:
    """Values that cannot be, whatever the standard asks."""
    checks: tuple[tuple[str, Callable[[str], Any]], ...] = (
        ("phone", parse_phone), ("email", check_email), ("credit_code", check_uscc), ("region_code", region),
    )  # fmt: skip
    fields, found, today = entity(Account).fields_for(None), [], clock.today()
    for name, check in checks:
        if text := getattr(row, name):
            try:
                check(text)
            except (BadValue, LookupError):
                found.append(Fault(Defect.IMPOSSIBLE, name, _("%(what)s: wrong format") % {"what": fields[name].label}))
    for name in ("founded_on", "birth_date"):
        day = getattr(row, name)
        if day and (day > today or day.year < 1880):
            found.append(
                Fault(Defect.IMPOSSIBLE, name, _("%(what)s: this day cannot be") % {"what": fields[name].label})
            )
    return found


def _twin(reasons: set[str], other: Account) -> Fault:
    """The finding names what agrees: the code before the name, the name before the phone."""
    field, words = "phone", _("Same phone as %(name)s")
    if "code" in reasons:
        field, words = "credit_code", _("Same credit code as %(name)s")
    elif not reasons <= {"mobile", "line"}:
        field, words = "name", _("Looks like %(name)s")
    return Fault(Defect.DUPLICATE, field, words % {"name": other.name}, other.pk)


def _elsewhere(row: Account, other: Account) -> bool:
    """Two districts, both known."""
    codes = (row.region_code, other.region_code)
    return codes[0] != codes[1] and all(code and not code.endswith("00") for code in codes)


def _once(faults: list[Fault]) -> list[Fault]:
    return list({(fault.kind, fault.field): fault for fault in reversed(faults)}.values())[::-1]


def _number(text: str) -> str:
    try:
        return str(parse_phone(text))
    except BadValue:
        return ""


def _own_line(phone: str) -> bool:
    """A line that can belong to one customer only; service lines are shared by many."""
    return bool(phone) and not phone.startswith(("400", "800", "95", "96"))


def _kin(row: Account, pk: int, parent_id: int | None) -> bool:
    """The same file, or companies of one group."""
    return (
        row.pk == pk
        or pk == row.parent_id
        or parent_id == row.pk
        or (parent_id is not None and parent_id == row.parent_id)
    )
