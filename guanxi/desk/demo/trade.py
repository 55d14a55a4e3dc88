"""Products, and two years of orders and receipts: few customers buy most, seasons and weekdays show, some pay late."""

from __future__ import annotations

from bisect import bisect
from collections import Counter as Tally
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Any

from guanxi.catalog.models import Product, ProductCategory
from guanxi.catalog.services import grade_product, seed_grades
from guanxi.customers.models import Account
from guanxi.desk.demo import words
from guanxi.desk.demo.dice import Dice
from guanxi.desk.demo.pour import new, pour
from guanxi.formats.money import cents
from guanxi.formats.workdays import PACKAGED
from guanxi.kernel.models import Company
from guanxi.sales.models import Order, OrderLine, Receipt, ReceiptShare

DAYS = 730
SEASON = (0.9, 0.55, 1.15, 1.0, 1.05, 1.1, 0.9, 0.9, 1.15, 0.95, 1.3, 1.2)  # spring festival, end of year
BUYERS = 0.3  # of all customers
ORDERS_PER_BUYER = 3.4
State = Order.State


def build_products(company: Company) -> dict[str, list[Product]]:
    """The catalogue by category; run it inside a unit of work."""
    dice = Dice("products")
    grades = list(seed_grades(company).values())
    shelf: dict[str, list[Product]] = {}
    for number, (name, kinds, unit, low, high, cost) in enumerate(words.PRODUCTS, 1):
        category = ProductCategory(company=company, code=f"{number:02d}", name=name)
        category.save()
        shelf[name] = []
        for kind in kinds.split():
            for size in [""] if unit == "次" else dice.sample(words.SIZES, 3):
                price = Decimal(int(low * (high / low) ** dice.random())).quantize(Decimal(1))
                share = Decimal(min(118, max(22, round(dice.gauss(cost, 11)))))
                product = Product(
                    company=company, code=f"YH-{number:02d}{len(shelf[name]) + 1:02d}", name=kind, spec=size, category=category,
                    unit=unit, brand=dice.pick(words.OWN_BRANDS), price=price, cost=(price * share / 100).quantize(Decimal("0.01")),
                    tax_rate=Decimal(6 if unit == "次" else 13),
                )  # fmt: skip
                grade_product(product, grades)
                product.save()
                shelf[name].append(product)
    return shelf


@dataclass
class Buyer:
    """A customer as a trading partner: how much, of what, and how well it pays."""

    account: Account
    size: float
    tastes: list[Product]
    delay: tuple[int, int]
    terms: int


@dataclass
class Deals:
    """Unsaved rows of one batch."""

    orders: list[Order] = field(default_factory=list)
    lines: list[OrderLine] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    shares: list[ReceiptShare] = field(default_factory=list)

    def save(self) -> None:
        for rows in (self.orders, self.lines, self.receipts, self.shares):
            pour(rows)  # type: ignore[arg-type]


class Trade:
    """Plans who orders when, then makes the rows day by day so that numbers and stages follow the calendar."""

    def __init__(self, company: Company, shelf: dict[str, list[Product]], today: date) -> None:
        self.company, self.shelf, self.today, self.dice = company, shelf, today, Dice("trade")
        self.first = today - timedelta(days=DAYS)
        days = [self.first + timedelta(days=n) for n in range(DAYS)]
        # A fifth more business each year, little of it on days off.
        weights = [
            SEASON[day.month - 1] * (1 + 0.2 * n / 365) * (1 if PACKAGED.is_workday(day) else 0.12)
            for n, day in enumerate(days)
        ]
        self.days, self.load = days, list(accumulate(weights))
        self.numbers: Tally[str] = Tally()
        self.plan: list[tuple[date, int, Buyer]] = []

    def consider(self, account: Account) -> None:
        """Maybe the customer buys; how often follows a Pareto distribution."""
        dice = self.dice
        if dice.random() > BUYERS:
            return
        weight = {"micro": 0.6, "small": 1, "middle": 1.8, "large": 4, "giant": 8}.get(account.scale, 0.35)
        size = weight * dice.lognormvariate(0, 0.7)
        count = min(int(dice.paretovariate(1.25) * (1 + weight / 4) * ORDERS_PER_BUYER / 4.2 + 0.45), 90)
        tastes = [product for name in dice.sample(list(self.shelf), 2) for product in self.shelf[name]]
        delay = dice.often((((-25, 0), 30), ((-3, 6), 38), ((8, 45), 22), ((50, 200), 10)))
        light = new(Account, pk=account.pk, name=account.name, company_id=account.company_id)
        light.owner_id, light.department_id = account.owner_id, account.department_id
        buyer = Buyer(light, size, tastes, delay, account.payment_terms_days or 0)
        begin = 0 if dice.random() < 0.45 else dice.randrange(DAYS)
        end = DAYS if dice.random() < 0.8 else dice.randrange(begin, DAYS) + 1
        low, high = self.load[begin - 1] if begin else 0.0, self.load[end - 1]
        # Who came late or left early had less time to order.
        for _n in range(round(count * (high - low) / self.load[-1] + 0.4)):
            day = self.days[min(bisect(self.load, low + dice.random() * (high - low)), DAYS - 1)]
            self.plan.append((day, len(self.plan), buyer))

    def batches(self, size: int) -> Iterator[Deals]:
        self.plan.sort(key=lambda entry: entry[:2])
        for start in range(0, len(self.plan), size):
            deals = Deals()
            for day, _number, buyer in self.plan[start : start + size]:
                self._deal(deals, day, buyer)
            yield deals

    def _deal(self, deals: Deals, day: date, buyer: Buyer) -> None:
        order = self._order(day, buyer, Order.Kind.SALE, self._state(day))
        lines = [self._line(order, buyer) for _n in range(self.dice.often(((1, 48), (2, 30), (3, 15), (5, 7))))]
        self._sum_up(order, lines)
        deals.orders.append(order)
        deals.lines += lines
        if not order.counts:
            return
        self._pay(deals, order, buyer)
        returned = day + timedelta(days=self.dice.randrange(5, 30))
        if order.state in (State.DELIVERED, State.COMPLETED) and self.dice.random() < 0.017 and returned < self.today:
            self._return(deals, order, lines[0], returned, buyer)

    def _state(self, day: date) -> str:
        age, chance = (self.today - day).days, self.dice.random()
        if chance < 0.02:
            return State.CANCELLED
        if age > 20:
            return State.COMPLETED if chance < 0.9 else State.DELIVERED
        if age > 7:
            return State.DELIVERED if chance < 0.75 else State.PARTLY if chance < 0.85 else State.CONFIRMED
        return State.CONFIRMED if chance < 0.75 else State.DRAFT

    def _order(self, day: date, buyer: Buyer, kind: str, state: str) -> Order:
        dice, account = self.dice, buyer.account
        order = new(Order,
            company=self.company, number=self._number("SO", day), account=account, kind=kind, ordered_on=day, state=state,
            owner_id=account.owner_id, department_id=account.department_id, created_by_id=account.owner_id,
            created_at=datetime.combine(day, time(dice.randrange(1, 10), dice.randrange(60)), UTC),
            due_on=day + timedelta(days=buyer.terms), channel=dice.pick(words.CHANNELS),
        )  # fmt: skip
        if state in (State.PARTLY, State.DELIVERED, State.COMPLETED):
            order.delivered_on = min(day + timedelta(days=dice.randrange(1, 8)), self.today)
            order.carrier, order.waybill = dice.pick(words.CARRIERS), f"{dice.randrange(10**12):012d}"
        if state == State.CANCELLED:
            order.cancel_reason = dice.pick(("客户计划变更", "重复下单", "价格未谈妥"))
        return order

    def _number(self, series: str, day: date) -> str:
        key = f"{series}-{day:%Y%m%d}"
        self.numbers[key] += 1
        return f"{key}-{self.numbers[key]:04d}"

    def _line(self, order: Order, buyer: Buyer) -> OrderLine:
        dice, product = self.dice, self.dice.pick(buyer.tastes)
        budget = 6000 * buyer.size * dice.lognormvariate(0, 0.6)
        quantity = Decimal(max(1, min(400, round(budget / float(product.price)))))
        line = new(OrderLine,
            company=self.company, order=order, product=product, quantity=quantity, price=product.price,
            created_by_id=order.created_by_id,
            discount=Decimal(dice.often(((0, 62), (3, 14), (5, 14), (8, 7), (12, 3)))), created_at=order.created_at,
        )  # fmt: skip
        line.complete()
        return line

    def _sum_up(self, order: Order, lines: list[OrderLine]) -> None:
        # The figures the sealer will check; given here so that it has nothing to write.
        order.amount = sum((line.amount for line in lines), Decimal(0)) * order.sign
        off = sum((line.quantity * (line.price or 0) * line.discount / 100 for line in lines), Decimal(0))
        order.discount_amount = cents(off) * order.sign
        order.cost = sum((line.cost for line in lines), Decimal(0)) * order.sign
        order.profit = order.amount - order.cost
        order.payment = Order.Payment.OPEN if order.counts else Order.Payment.NONE

    def _pay(self, deals: Deals, order: Order, buyer: Buyer) -> None:
        dice = self.dice
        due = order.due_on or order.ordered_on
        parts = [order.amount]
        if order.amount > 20_000 and dice.random() < 0.3:
            deposit = (order.amount * 3 / 10).quantize(Decimal(1))
            parts = [deposit, order.amount - deposit]
        for number, amount in enumerate(parts):
            day = max(order.ordered_on, due + timedelta(days=dice.randrange(buyer.delay[0], buyer.delay[1] + 1)))
            if number == 0 and len(parts) > 1:
                day = order.ordered_on + timedelta(days=dice.randrange(4))
            never = buyer.delay[0] >= 50 and dice.random() < 0.12
            if amount and day <= self.today and not never:
                self._receive(deals, order, day, amount, Receipt.Kind.RECEIPT)

    def _receive(self, deals: Deals, order: Order, day: date, amount: Decimal, kind: str) -> None:
        account: Any = order.account
        common: dict[str, Any] = {
            "company": self.company, "created_by_id": order.created_by_id, "created_at": datetime.combine(day, time(6), UTC),
        }  # fmt: skip
        method = self.dice.often((("transfer", 70), ("acceptance", 8), ("wechat", 12), ("alipay", 6), ("cash", 4)))
        receipt = new(Receipt,
            number=self._number("SK", day), account=account, kind=kind, received_on=day, amount=amount, allocated=amount,
            method=method, payer=account.name, owner_id=account.owner_id, department_id=account.department_id, **common,
        )  # fmt: skip
        deals.receipts.append(receipt)
        deals.shares.append(new(ReceiptShare, receipt=receipt, order=order, amount=amount, **common))
        order.received += amount
        order.payment = Order.Payment.PAID if order.received == order.amount else Order.Payment.PARTLY

    def _return(self, deals: Deals, order: Order, line: OrderLine, day: date, buyer: Buyer) -> None:
        back = self._order(day, buyer, Order.Kind.RETURN, State.DELIVERED)
        back.returns, back.remark, back.due_on = order, "质量问题退货", day
        quantity = max(Decimal(1), (line.quantity / 2).quantize(Decimal(1)))
        copy = new(OrderLine,
            company=self.company, order=back, product=line.product, quantity=min(quantity, line.quantity), price=line.price,
            discount=line.discount, created_by_id=back.created_by_id, created_at=back.created_at,
        )  # fmt: skip
        copy.complete()
        self._sum_up(back, [copy])
        deals.orders.append(back)
        deals.lines.append(copy)
        if order.payment == Order.Payment.PAID and day + timedelta(days=7) <= self.today:
            self._receive(deals, back, day + timedelta(days=7), back.amount, Receipt.Kind.REFUND)
