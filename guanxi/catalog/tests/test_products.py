"""Products know their margin and profit grade (PROD-01)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from guanxi.catalog import services
from guanxi.catalog.models import Product, ProductCategory, ProfitGrade, Treatment
from guanxi.catalog.queries import below
from guanxi.kernel import clock, jobs, verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kernel.models import Company
from guanxi.kernel.work import unit_of_work
from guanxi.org.models import Role, User


@pytest.fixture
def boss(db: None, settings: Any) -> User:
    settings.LANGUAGE_CODE = "en"
    company = Company.objects.create(code="gx", name="远航设备")

    def body() -> User:
        role = Role(company=company, name="boss", code="boss", grants={"*": {"verbs": ["*"], "scope": "all"}})
        role.save()
        user = User(company=company, username="boss", name="王总")
        user.save()
        user.roles.set([role])
        return user

    services.seed_grades(company)
    return unit_of_work(body)


def product(boss: User, price: Any, cost: Any, code: str = "P-1") -> Product:
    cost = None if cost is None else Decimal(cost)
    return verbs.add(entity(Product), {"code": code, "name": "水泵", "price": Decimal(price), "cost": cost}, actor=boss)


@pytest.mark.req("PROD-01")
@pytest.mark.parametrize(
    ("price", "cost", "margin", "grade"),
    [
        (100, 60, "40.00", "A"),
        (100, "60.01", "39.99", "B"),
        (100, 100, "0.00", "D"),
        (100, 130, "-30.00", "E"),
        ("0.01", 1_000_000, "-9999.99", "E"),
        (100, None, None, None),
        (0, 10, None, None),
    ],
)
def test_cost_and_price_give_margin_and_grade(boss: User, price: Any, cost: Any, margin: Any, grade: Any) -> None:
    row = product(boss, price, cost)
    assert row.margin == (margin and Decimal(margin))
    assert (row.profit_grade and row.profit_grade.code) == grade


@pytest.mark.req("PROD-01")
def test_a_grade_by_judgement_needs_a_reason_and_survives_a_new_price(boss: User) -> None:
    row = product(boss, 100, 60)
    low = ProfitGrade.objects.get(code="D")
    with pytest.raises(Refused, match="why"):
        services.set_grade(row, actor=boss, grade=low, reason=" ")
    services.set_grade(row, actor=boss, grade=low, reason="样机清仓")
    row = verbs.change(entity(Product), row.pk, {"price": Decimal(200)}, actor=boss)
    assert (row.margin, row.profit_grade) == (Decimal(70), low)
    assert services.reset_grade(row, actor=boss).profit_grade.code == "A"


@pytest.mark.req("PROD-01", "PROD-02")
def test_a_grade_corrected_since_a_past_day_brings_its_treatment(boss: User) -> None:
    row = product(boss, 100, 80)
    assert row.treatment == Treatment.NORMAL
    low = ProfitGrade.objects.get(code="D")
    assert low.treatment == Treatment.RESTRICTED
    services.correct_grade(row, actor=boss, grade=low, since=clock.today() - timedelta(days=9), reason="分级录错")
    assert Product.objects.get(pk=row.pk).treatment == Treatment.RESTRICTED


@pytest.mark.req("PROD-01")
def test_new_thresholds_grade_all_products_anew(boss: User) -> None:
    row = product(boss, 100, 60)
    top = ProfitGrade.objects.get(code="A")
    verbs.change(entity(ProfitGrade), top.pk, {"from_margin": Decimal(50)}, actor=boss)
    jobs.work_off()
    row.refresh_from_db()
    assert row.profit_grade.code == "B"


def test_products_go_on_and_off_sale(boss: User) -> None:
    row = product(boss, 100, 60)
    assert services.withdraw(row, actor=boss).is_active is False
    assert services.publish(row, actor=boss).is_active is True


def test_categories_form_a_tree_without_circles(boss: User) -> None:
    declared = entity(ProductCategory)
    top = verbs.add(declared, {"code": "1", "name": "泵"}, actor=boss)
    inner = verbs.add(declared, {"code": "1-1", "name": "离心泵", "parent": top}, actor=boss)
    assert sorted(below(top)) == [top.pk, inner.pk]
    with pytest.raises(Invalid):
        verbs.change(declared, top.pk, {"parent": inner}, actor=boss)


def test_a_price_below_nothing_is_refused_at_its_field(client: Client, boss: User) -> None:
    client.force_login(boss)
    answer = client.post("/products/new/", {"code": "P-9", "name": "泵", "price": "-1", "tax_rate": "13", "key": "k9"})
    page = answer.content.decode()
    assert (answer.status_code, "product_price" in page, "this value is not possible" in page) == (422, False, True)
