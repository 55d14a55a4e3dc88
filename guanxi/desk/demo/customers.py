"""Customers of the demonstration with contacts, addresses, important dates and needs, in batches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from guanxi.customers.models import Account, Address, Channel, Contact, ImportantDate, Need, Source
from guanxi.desk.demo import words
from guanxi.desk.demo.dice import Dice, latin
from guanxi.desk.demo.pour import new, pour
from guanxi.desk.demo.staff import Branch, Organisation

COMPANIES = 0.72  # the rest are private persons
POOLED = 0.08  # nobody looks after them


@dataclass
class Batch:
    """Unsaved rows that belong together."""

    accounts: list[Account] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    dates: list[ImportantDate] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)

    def save(self) -> None:
        for rows in (self.accounts, self.contacts, self.addresses, self.dates, self.needs):
            pour(rows)  # type: ignore[arg-type]
        # Said afterwards, because the rule of one main contact asks the database about each row it is said in.
        main: Any = Contact.everything
        firsts = {contact.account_id: contact.pk for contact in reversed(self.contacts)}
        main.filter(pk__in=list(firsts.values())).update_silently(is_primary=True)


class Customers:
    """Makes accounts one after the other; the same seed gives the same customers."""

    def __init__(self, staff: Organisation, today: date) -> None:
        self.staff, self.today, self.dice, self.clerk = staff, today, Dice("customers"), Dice("files")
        self.sources = list(Source.objects.filter(company=staff.company))
        self.channels = {row.code: row for row in Channel.objects.filter(company=staff.company)}
        self.groups: dict[str, list[Account]] = {}
        self.count = 0

    def batches(self, total: int, size: int) -> Iterator[Batch]:
        while self.count < total:
            batch = Batch()
            for _n in range(min(size, total - self.count)):
                self.count += 1
                self._add(batch)
            yield batch

    def _add(self, batch: Batch) -> None:
        dice = self.dice
        branch = dice.pick(self.staff.branches)
        is_company = dice.random() < COMPANIES
        account = self._company(branch) if is_company else self._person(branch)
        self._file(account, branch)
        self._complete(account)
        batch.accounts.append(account)
        if is_company:
            self._contacts(account, batch)
        self._entries(account, branch, batch)

    def _file(self, account: Account, branch: Branch) -> None:
        """What companies and persons have in common."""
        dice, district = self.dice, self.dice.pick(branch.districts)
        account.code = f"C{self.count:06d}"
        account.region_code, account.address = district.code, dice.address(district)
        direct = dice.random() < 0.06
        owner = None if dice.random() < POOLED else dice.pick(self.staff.direct if direct else branch.sellers)
        account.owner = owner
        account.department = owner.department if owner else branch.department
        account.channel = self.channels.get("direct-sales" if direct else "branch")
        account.source = dice.pick(self.sources) if dice.random() < 0.9 else None
        account.method = dice.pick(("visit", "interview", "sales", "service", "web"))
        # Customers came faster of late.
        age = int(900 * (1 - dice.random() ** 0.6)) + 1
        account.created_at = datetime.combine(self.today, datetime.min.time(), UTC) - timedelta(
            days=age, hours=-dice.randrange(1, 9)
        )
        account.created_by = owner
        if dice.random() < 0.75:
            account.last_contact_on = dice.day(
                max(self.today - timedelta(days=400), account.created_at.date()), self.today
            )
        if owner and dice.random() < 0.35:
            account.next_contact_on = self.today + timedelta(days=dice.randrange(-6, 45))
        if dice.random() < 0.4:
            account.tags = dice.sample(words.TAGS, dice.randrange(1, 4))

    def _complete(self, account: Account) -> None:
        """What the filing standards ask for; one file in twelve is thin."""
        clerk = self.clerk
        if clerk.random() < 0.08:
            return
        if account.kind == "company":
            account.business_needs = clerk.pick(words.WANTED)
        else:
            account.employer = clerk.company(clerk.pick(self.staff.branches).city)[0]
            account.post = clerk.pick(words.POSTS)[0]

    def _company(self, branch: Branch) -> Account:
        dice = self.dice
        name, brand, section, scope = dice.company(branch.city)
        capital = (
            Decimal(dice.often(((50, 15), (100, 25), (200, 15), (500, 20), (1000, 15), (5000, 8), (20000, 2)))) * 10_000
        )
        account = new(Account,
            company=self.staff.company, kind="company", name=name, short_name=branch.city + brand, industry=section,
            scale=dice.often((("micro", 40), ("small", 32), ("middle", 19), ("large", 7), ("giant", 2))),
            phone=dice.landline(branch.area), legal_form=next((form for end, form in words.LEGAL_FORMS if name.endswith(end)), "有限责任公司"),
            representative=dice.person()[0], registered_capital=capital, business_scope=scope,
            founded_on=dice.day(date(1996, 1, 1), self.today - timedelta(days=400)),
            potential=dice.often((("high", 2), ("medium", 5), ("low", 3))),
            purchasing_power=dice.often((("high", 2), ("medium", 5), ("low", 3))),
            attitude=dice.often((("loyal", 3), ("switcher", 4), ("none", 3))),
            credit_standing=dice.often((("AAA", 5), ("AA", 20), ("A", 45), ("B", 22), ("C", 8))),
            payment_terms_days=dice.often(((0, 10), (15, 15), (30, 45), (60, 25), (90, 5))),
            is_key=dice.random() < 0.03, is_strategic=dice.random() < 0.006,
        )  # fmt: skip
        account.credit_limit = (capital / 10).quantize(Decimal(1)) if dice.random() < 0.5 else None
        if dice.random() < 0.8:
            account.credit_code = dice.uscc(branch.districts[0].code)
        if dice.random() < 0.45:
            account.email = f"info@{latin(brand)}{self.count}.example"
        self._group(account, brand)
        return account

    def _group(self, account: Account, brand: str) -> None:
        """Companies of a big brand belong to the group of that name."""
        if account.name.endswith("集团有限公司"):
            self.groups.setdefault(brand, []).append(account)
        elif brand in self.groups and self.dice.random() < 0.5:
            account.parent = self.groups[brand][0]

    def _person(self, branch: Branch) -> Account:
        dice = self.dice
        name, gender = dice.person()
        account = new(Account,
            company=self.staff.company, kind="person", name=name, gender=gender, phone=dice.mobile(),
            occupation=dice.pick(words.OCCUPATIONS), payment_terms_days=0,
            education=dice.often((("high", 25), ("college", 35), ("bachelor", 32), ("master", 8))),
        )  # fmt: skip
        if dice.random() < 0.6:
            self._birthday(account)
        return account

    def _birthday(self, row: Account | Contact) -> None:
        """One in six keeps the lunar birthday."""
        if self.dice.random() < 0.16:
            row.lunar_month, row.lunar_day = self.dice.randrange(1, 13), self.dice.randrange(1, 30)
        else:
            row.birth_date = self.dice.day(date(1962, 1, 1), date(2001, 12, 31))

    def _contacts(self, account: Account, batch: Batch) -> None:
        dice = self.dice
        for number in range(dice.often(((1, 78), (2, 17), (3, 5)))):
            name, gender = dice.person()
            post, role, _weight = dice.pick(words.POSTS, words.POST_WEIGHTS)
            contact = new(Contact,
                company=self.staff.company, account=account, name=name, gender=gender, mobile=dice.mobile(), post=post, role=role,
                salutation=name[:1] + ("总" if role == "decider" else "经理" if "经理" in post else "工"), method=account.method,
                legal_basis="contract", created_at=account.created_at, created_by_id=account.created_by_id,
            )  # fmt: skip
            if dice.random() < 0.3:
                self._birthday(contact)
            if number == 0 and dice.random() < 0.5:
                contact.wechat = f"wx_{latin(name)}{dice.randrange(100, 999)}"
            batch.contacts.append(contact)

    def _entries(self, account: Account, branch: Branch, batch: Batch) -> None:
        dice = self.dice
        common: dict[str, Any] = {
            "company": self.staff.company, "account": account, "created_at": account.created_at,
            "created_by_id": account.created_by_id,
        }  # fmt: skip
        contact = batch.contacts[-1] if batch.contacts and batch.contacts[-1].account is account else None
        if dice.random() < 0.3:
            district = dice.pick(branch.districts)
            batch.addresses.append(
                new(
                    Address,
                    region_code=district.code,
                    address=dice.address(district),
                    is_default=True,
                    receiver=contact.name if contact else account.name,
                    phone=contact.mobile if contact else account.phone,
                    **common,
                )
            )
        if account.kind == "company" and dice.random() < 0.12:
            batch.dates.append(
                new(
                    ImportantDate,
                    kind="founding",
                    title="公司成立纪念日",
                    on=account.founded_on,
                    method="visit",
                    **common,
                )
            )
        if dice.random() < 0.12:
            kind, text = dice.pick(words.NEEDS)
            on = dice.day(max(account.created_at.date(), self.today - timedelta(days=500)), self.today)
            batch.needs.append(new(Need, kind=kind, text=text, on=on, method=account.method, contact=contact, **common))
