"""Prices, stock, quotes in every state and contracts of the demonstration, one of them about to end."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils import timezone

from guanxi.catalog.models import Launch, Product, ProductLink
from guanxi.contracts.models import Contract, Dispute, Obligation
from guanxi.contracts.services.contracts import number_contracts
from guanxi.customers.models import Account, Need
from guanxi.desk.demo.dice import Dice
from guanxi.desk.demo.pour import pour
from guanxi.kernel.models import Company
from guanxi.offers.models import PriceItem, PriceList, Quote, QuoteLine, Reaction
from guanxi.offers.queries.prices import price_for
from guanxi.offers.services.quotes import number_quotes
from guanxi.org.models import User

DAY = timedelta(days=1)
ACCOUNTS = 24  # with quotes; every second one with a contract
EMPTY = 9  # every ninth product has run out
LISTS: tuple[tuple[str, dict[str, Any], str, str, str], ...] = (
    ("2026 年度标准价目表", {"priority": 0}, "1", "0.9", "全国统一价，含税，不含安装。"),
    ("A 类客户协议价", {"priority": 10, "grades": ["A"]}, "0.94", "0.86", "年采购额达标的 A 类客户，年度框架内有效。"),
    ("B 类客户优惠价", {"priority": 5, "grades": ["B"]}, "0.97", "0.88", "每季度复核一次。"),
    ("电商渠道价", {"priority": 8, "channels": ["e-commerce"]}, "0.98", "0.95", "与平台页面同价，不再另给折扣。"),
)
STATES = ("draft", "released", "sent", "accepted", "declined", "expired", "sent", "accepted")
REASONS = {"declined": "客户改用原供应商，差价约 6%。", "sent": "微信发给采购负责人，并当面说明。"}
SOLUTIONS = ("换装防爆电机，接线盒左置。", "机封改为耐酸型，附材质报告。", "控制柜增加远程启停接口。")
TERMS = {
    "product_terms": "产品名称、型号和数量见附件报价单，随机附合格证与说明书。",
    "price_terms": "合同总价含税，预付三成，到货验收后三十日内付清余款。",
    "delivery_terms": "供方送货到需方厂区，卸货由需方负责，签收即为交付。",
    "service_terms": "供方负责安装指导与一次操作培训。",
    "maintenance_terms": "质保一年；质保期内故障二十四小时内响应，配件免费。",
}
DUTIES = (("theirs", "支付预付款", -20, True), ("ours", "首批供货", -3, False), ("theirs", "支付到货款", 12, False),
          ("ours", "年度巡检", 25, False))  # fmt: skip
ENDS = (24, 41, 120, 200, 300, 330, 55, 340)


def build_offers(company: Company, today: date) -> None:
    """Run it inside a unit of work, once products, customers and orders are there."""
    dice = Dice("offers")
    products = list(Product.objects.filter(company=company).order_by("code"))
    finance = User.objects.filter(company=company, roles__code="finance").order_by("pk").first()
    technician = User.objects.filter(company=company, roles__code="technology").order_by("pk").first()
    _price_lists(company, products, finance, today)
    _shelf(products, today)
    _launches(company, products, technician, today)
    found: Any = Account.objects.filter(company=company, owner__isnull=False, last_order_on__isnull=False)
    found = found.select_related("owner__department").order_by("-is_key", "pk")
    shown = User.objects.filter(company=company, roles__code="representative").order_by("pk").first()
    mine = list(found.filter(owner=shown)[: ACCOUNTS // 3])  # of whoever is shown around as a representative
    accounts = [*mine, *found.exclude(pk__in=[one.pk for one in mine])[: ACCOUNTS - len(mine)]]
    for number, account in enumerate(accounts):
        quote = _quote(dice, account, STATES[number % len(STATES)], products, today)
        if number % 2:
            _contract(account, quote, number // 2, today)
    _reactions(dice, accounts, products, today)


def _price_lists(company: Company, products: list[Product], finance: User | None, today: date) -> None:
    for name, values, factor, lowest, words in LISTS:
        held = PriceList(
            company=company, name=name, valid_from=today.replace(month=1, day=1), explanation=words, set_by=finance,
            created_by=finance, **values,
        )  # fmt: skip
        held.save()
        pour([
            PriceItem(
                company=company, price_list=held, product=one, set_by=finance, created_by=finance,
                price=(one.price * Decimal(factor)).quantize(Decimal(1)),
                lowest_price=(one.price * Decimal(lowest)).quantize(Decimal(1)),
            )
            for one in products
        ])  # fmt: skip


def _shelf(products: list[Product], today: date) -> None:
    """Stock as counted last night; sizes of one kind stand in for each other, neighbours of a category go together."""
    counted = timezone.make_aware(datetime.combine(today - DAY, time(18)))
    links = []
    for number, (one, after) in enumerate(pairwise(products)):
        one.stock, one.stock_at = Decimal(0 if number % EMPTY == 4 else 3 + number * 7 % 60), counted
        one.save(update_fields=["stock", "stock_at"])
        if one.category_id == after.category_id:
            kind = "substitute" if one.name == after.name else "related"
            links.append(
                ProductLink(company_id=one.company_id, product=one, other=after, kind=kind, strength=3 + number % 3)
            )
    pour(links)


def _launches(company: Company, products: list[Product], technician: User | None, today: date) -> None:
    for product, days, state in ((products[0], -6, "confirmed"), (products[-1], 20, "draft")):
        confirmed = state == "confirmed"
        Launch(
            company=company, created_by=technician, title=f"{product.name}新品上市", product=product, state=state,
            launch_on=today + days * DAY, confirmed_by=technician if confirmed else None,
            confirmed_on=today + days * DAY if confirmed else None,
            guidance="安装前检查底座水平，偏差不超过 0.2 毫米；首次运行前注满介质并手动盘车；每五百小时检查一次密封。",
            selling="先推给早期试用客户；与旧型号安装尺寸一致，可直接替换。",
        ).save()  # fmt: skip


def _quote(dice: Dice, account: Any, state: str, products: list[Product], today: date) -> Quote:
    ago = 50 if state == "expired" else dice.pick((2, 5, 9))
    day = today - ago * DAY
    common = {"company_id": account.company_id, "created_by_id": account.owner_id}
    quote = Quote(
        **common, account=account, owner=account.owner, department_id=account.owner.department_id, state=state,
        subject="年度设备配套", quoted_on=day, valid_until=day + 30 * DAY, payment_terms="预付三成，货到三十日内付清",
        delivery_terms="送货到厂，十五个工作日", reason=REASONS.get(state, ""),
        released_on=day if state != "draft" else None, sent_on=day if state not in ("draft", "released") else None,
        accepted_on=day + DAY if state == "accepted" else None, accepted_name="采购负责人" if state == "accepted" else "",
    )  # fmt: skip
    number_quotes([quote])
    quote.save()
    need = Need.objects.filter(account=account, kind="need").first()
    for n in range(dice.pick((1, 2, 3))):
        product, quantity = dice.pick(products), Decimal(dice.pick((1, 2, 5, 10)))
        QuoteLine(
            **common, quote=quote, product=product, description=product.name, quantity=quantity,
            price=price_for(account, product, quantity, day).price, discount=Decimal(dice.pick((0, 2, 4))), tax_rate=product.tax_rate,
            need=need if n == 0 else None, solution=dice.pick(SOLUTIONS) if n == 0 and need else "",
        ).save()  # fmt: skip
    return quote


def _contract(account: Any, quote: Quote, number: int, today: date) -> None:
    state = ("running", "running", "approved", "running", "draft", "running")[number % 6]
    signed = state == "running"
    ends = today + ENDS[number % len(ENDS)] * DAY
    common = {"company_id": account.company_id, "created_by_id": account.owner_id}
    owned = {**common, "owner": account.owner, "department_id": account.owner.department_id}
    contract = Contract(
        **owned, account=account, quote=quote, title="年度供货与服务合同", kind="framework", state=state,
        amount=Decimal(60000 + number * 38000), starts_on=ends - 364 * DAY, ends_on=ends, **TERMS,
        reviewed_at=timezone.make_aware(datetime.combine(today - 30 * DAY, time(10))) if state != "draft" else None,
        reviewed_by_id=account.owner.department.head_id if account.owner.department else None,
        signed_on=ends - 364 * DAY if signed else None, signed_name="总经理" if signed else "",
        filed_on=ends - 360 * DAY if signed and number % 3 else None, shelf=f"HT-{number:03d}" if signed and number % 3 else "",
    )  # fmt: skip
    number_contracts([contract])
    contract.save()
    for side, what, days, done in DUTIES if signed else ():
        due = today + days * DAY
        Obligation(**owned, contract=contract, side=side, what=what, due_on=due, done_on=due if done else None).save()
    if number == 3:
        Dispute(
            **owned, contract=contract, what="首批到货少一件配件", since=today - 6 * DAY, due_on=today + 5 * DAY,
            measures="仓库已复核发货记录，本周补发。",
        ).save()  # fmt: skip


def _reactions(dice: Dice, accounts: list[Any], products: list[Product], today: date) -> None:
    pour([
        Reaction(
            company_id=account.company_id, created_by_id=account.owner_id, account=account, product=dice.pick(products),
            ground=dice.pick(Reaction.Ground.values), answer=dice.pick(Reaction.Answer.values),
            on=today - dice.pick((1, 3, 8, 15)) * DAY,
        )
        for account in accounts
    ])  # fmt: skip
