"""How products are treated, how much there is, what goes with them, and how new ones are launched."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from guanxi.catalog.models import Launch, Product, ProductLink, ProfitGrade
from guanxi.catalog.queries import linked
from guanxi.catalog.services import regrade, seed_grades
from guanxi.conftest import Hire, saved
from guanxi.kernel import clock
from guanxi.kernel.models import Company
from guanxi.kernel.work import unit_of_work
from guanxi.org.models import Department, Notice, User


@pytest.fixture(autouse=True)
def in_chinese(settings: Any) -> None:
    settings.LANGUAGE_CODE = "zh-hans"


@pytest.fixture
def pump(company: Company) -> Product:
    unit_of_work(lambda: seed_grades(company))
    return saved(Product(company=company, code="P-1", name="水泵", price=Decimal(100), cost=Decimal(50)))


@pytest.mark.req("PROD-03")
def test_the_grade_decides_what_is_promoted_and_what_restricted_for_eyes_that_may_not_see_the_grade(
    company: Company, pump: Product, seller: User, client: Client
) -> None:
    low = saved(Product(company=company, code="P-2", name="微利泵", price=Decimal(100), cost=Decimal(95)))
    assert unit_of_work(lambda: regrade(company.pk)) == 2
    client.force_login(seller)
    promoted = client.get("/products/?view=promoted").content.decode()
    restricted = client.get("/products/?view=restricted").content.decode()
    assert ("水泵" in promoted, "微利泵" in promoted) == (True, False)
    assert ("微利泵" in restricted, "重点推广" in client.get(f"/products/{pump.pk}/").content.decode()) == (True, True)
    assert "高利润" not in client.get(f"/products/{pump.pk}/").content.decode()
    grade = ProfitGrade.objects.get(code="D")
    grade.treatment = "normal"
    saved(grade)
    assert unit_of_work(lambda: regrade(company.pk)) == 1
    assert Product.objects.get(pk=low.pk).treatment == "normal"


def test_stock_is_a_figure_with_its_moment_set_by_those_who_count(
    company: Company, pump: Product, seller: User, hire: Hire, east: Department, client: Client
) -> None:
    page = f"/products/{pump.pk}/do/set_stock/"
    client.force_login(seller)
    assert client.post(page, {"quantity": "5", "key": "a"}).status_code == 403
    keeper = hire("keeper", "branch-accountant", east)
    client.force_login(keeper)
    assert client.post(page, {"quantity": "-1", "key": "b"}).status_code == 422
    assert client.post(page, {"quantity": "0", "key": "c"}).status_code == 302
    row = Product.objects.get(pk=pump.pk)
    assert (row.stock, row.out_of_stock, row.stock_at is not None) == (Decimal(0), True, True)
    assert "水泵" in client.get("/products/?view=out_of_stock").content.decode()


@pytest.mark.req("SALE-12")
def test_stand_ins_hold_both_ways_accessories_one_way(company: Company, pump: Product, owner: User) -> None:
    twin = saved(Product(company=company, code="P-3", name="同款泵"))
    seal = saved(Product(company=company, code="P-4", name="密封"))
    for other, kind in ((twin, "substitute"), (seal, "accessory")):
        saved(ProductLink(company=company, product=pump, other=other, kind=kind))
    assert {product.name for product, _link in linked(pump, owner)} == {"同款泵", "密封"}
    assert [product.name for product, _link in linked(twin, owner, "substitute")] == ["水泵"]
    assert linked(seal, owner) == []
    Product.objects.filter(pk=twin.pk).update_silently(is_active=False)
    assert {product.name for product, _link in linked(pump, owner)} == {"密封"}


@pytest.mark.req("PROD-05")
def test_a_launch_is_confirmed_by_technology_and_told_to_those_who_sell(
    pump: Product, seller: User, hire: Hire, headquarters: Department, client: Client
) -> None:
    technician = hire("tech", "technology", headquarters, name="石工")
    client.force_login(technician)
    sent = {
        "title": "新水泵上市",
        "product": pump.pk,
        "launch_on": "2026-12-01",
        "guidance": "安装前检查底座水平。",
        "key": "n",
    }
    answer = client.post("/launches/new/", sent)
    row = Launch.objects.get()
    assert (answer.status_code, row.state) == (302, "draft")
    client.force_login(User.objects.get(pk=seller.pk))
    assert client.post(f"/launches/{row.pk}/do/confirm_launch/", {"key": "s"}).status_code == 403
    client.force_login(technician)
    assert client.post(f"/launches/{row.pk}/do/confirm_launch/", {"key": "t"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.confirmed_by, row.confirmed_on) == ("confirmed", technician, clock.today())
    assert (
        Notice.objects.get(user=seller).text
        == f"新产品 {date(2026, 12, 1)} 起上市：新水泵上市，请阅读推广指导并告知客户。"
    )
    assert (
        client.post(f"/launches/{row.pk}/edit/", {"title": "改", "version": row.version, "key": "u"}).status_code == 409
    )
    client.force_login(User.objects.get(pk=seller.pk))
    assert "安装前检查底座水平" in client.get(f"/launches/{row.pk}/print/").content.decode()
