"""The demonstration company is believable, its figures agree, and every page has something to show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count, Q, Sum
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from guanxi.billing.models import Invoice, ReturnRequest
from guanxi.corrections.models import Correction
from guanxi.custody.models import CardReview
from guanxi.customers.models import Account, AccountPlan, Contact, PlanAction
from guanxi.deals.models import LeadStay, Opportunity
from guanxi.desk.demo import words
from guanxi.filing.models import Finding, Inspection, Registration
from guanxi.formats.codes import check_uscc
from guanxi.formats.phones import parse_phone
from guanxi.formats.regions import region
from guanxi.handover.services.sharing import look_at
from guanxi.incentives.models import Entry, MonthClose
from guanxi.interactions.models import Interaction, ServiceLine
from guanxi.kernel import clock, jobs
from guanxi.kernel.entities import entity
from guanxi.kernel.models import Company
from guanxi.learning.models import Proof, Reading
from guanxi.mail.models import Mail, Mailbox, Thread
from guanxi.org.models import Department, Team, User
from guanxi.sales.models import COUNTED, Delivery, Order, Receipt, Receivable
from guanxi.targets.models import CommissionLine, Statement, Target
from guanxi.targets.queries.commission import differences

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


WORKDAY, NEW_YEAR = datetime(2026, 11, 23, 4, tzinfo=UTC), datetime(2027, 1, 1, 4, tzinfo=UTC)
BOTH = pytest.mark.parametrize(
    "demo", [WORKDAY, pytest.param(NEW_YEAR, marks=pytest.mark.once)], indirect=True, ids=["workday", "new year"]
)


@pytest.fixture(scope="module", params=[WORKDAY], ids=["workday"])
def demo(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The company as it is made at one moment, once for all who look at it; what is made follows the day."""
    with django_db_blocker.unblock(), clock.shifted(request.param), transaction.atomic():
        call_command("demo", "--customers", "400", stdout=StringIO())
        yield
        transaction.set_rollback(True)


@BOTH
def test_it_is_believable_and_its_figures_agree() -> None:
    assert Department.objects.filter(kind="branch").count() == 12
    assert Department.objects.filter(kind="region").count() == 3
    assert (User.objects.count(), Team.objects.count()) == (197, 3)
    states = set(Opportunity.objects.values_list("state", flat=True))
    assert states == {"open", "won", "lost"} and Opportunity.objects.filter(stage__position__gt=10).exists()
    assert not Opportunity.objects.filter(moves=None).exists() and LeadStay.objects.exists()
    companies = Account.objects.exclude(credit_code=None).exclude(credit_code="")
    assert [a.credit_code for a in companies] == [check_uscc(a.credit_code) for a in companies]
    assert all(region(a.region_code).level == 3 for a in Account.objects.all())
    assert all(parse_phone(c.mobile).kind == "mobile" for c in Contact.objects.all())
    several = Contact.objects.filter(is_primary=True).values("account").annotate(n=Count("pk")).filter(n__gt=1)
    assert not several.exists()
    sold = Order.objects.filter(state__in=COUNTED).aggregate(total=Sum("amount"), got=Sum("received"))
    owed = Receivable.objects.aggregate(total=Sum("open_amount"))["total"]
    assert round(sold["total"] - sold["got"] - owed, 2) == 0  # SQLite adds up in floating point
    assert round(Receipt.objects.aggregate(total=Sum("amount"))["total"] - sold["got"], 2) == 0
    assert (AccountPlan.objects.count() > 0, PlanAction.objects.count()) == (True, 3 * AccountPlan.objects.count())
    assert all(a.plan.account in Account.objects.visible_to(a.person) for a in PlanAction.objects.all())
    assert set(Account.objects.values_list("stage", flat=True)) == {"potential", "first", "repeat"}


def test_what_was_poured_stands_as_a_form_would_have_left_it() -> None:
    """Else the first who saves a customer would be recorded as having changed its phone."""
    assert {parse_phone(a.phone).kind for a in Account.objects.all()} == {"mobile", "landline"}
    changed = []
    sound = Account.objects.exclude(email="wang.example")  # planted for the weekly inspection to find
    for rows in (sound, Contact.objects.all(), Registration.objects.all(), User.objects.all()):
        for row in rows:
            before = row.column_values()
            row.clean()
            changed += [(str(row), name) for name, value in row.column_values().items() if value != before[name]]
    assert changed == []


def test_what_was_registered_weeks_ago_was_told_then() -> None:
    rows = Registration.objects.all()
    days = {(row.registered_on.isoformat(), told["on"]) for row in rows for told in row.suppliers.values()}
    assert len(days) > 10 and all(registered == told for registered, told in days)
    assert {row.need for row in rows} <= {*words.ENQUIRIES, *words.WANTED}, (
        "nobody comes in for the first time to complain"
    )


def test_rules_learning_and_cards_have_something_to_show(client: Client) -> None:
    closed = MonthClose.objects.get()
    sums = Entry.objects.filter(month=closed.month).values_list("unit").annotate(total=Sum("amount"))
    assert (closed.entries > 0, {"yuan": 0, "points": 0} | dict(sums)) == (
        True, {"yuan": closed.yuan, "points": closed.points},
    )  # fmt: skip
    disputed = Entry.objects.get(state="objected")
    assert (disputed.clause.code, disputed.objection != "", disputed.owner.roles.get().code) == (
        "QUAL-01", True, "representative",
    )  # fmt: skip
    booked = Entry.objects.filter(source="hand").exclude(evidence_label="")
    for entry in booked:
        proof = entity(entry.evidence_label).model.objects.get(pk=entry.evidence_id)
        assert (proof.owner_id, proof.created_at <= entry.created_at) == (entry.owner_id, True)
    passed = Reading.objects.exclude(passed_at=None)
    assert {reading.score for reading in passed} == {100}
    assert Reading.objects.filter(confirmed_at=None).exists()
    assert set(Proof.objects.values_list("how", flat=True)) == {"", "quiz", "session"}
    assert all(
        review.reviewer_id == review.department.head_id for review in CardReview.objects.select_related("department")
    )
    pages = {
        "representative": ("incentives", "readings", "visit-plans", "card-reviews", "day-talks", "loans", "interactions"),
        "store-manager": ("measures", "colleague-reports", "detailed-rules", "collections", "sales-plans", "approvals"),
    }  # fmt: skip
    for role, slugs in pages.items():
        client.force_login(User.objects.filter(roles__code=role).order_by("pk")[0])
        for slug in slugs:
            page = client.get(f"/{slug}/").content.decode()
            assert "data-row" in page or "<tr id=" in page, (role, slug)


def test_hours_service_lines_and_the_mailbox_have_something_to_show(client: Client) -> None:
    """A mailbox without a password is asked of no server; what it holds stands with customers and waits where nobody answered."""
    agent = User.objects.filter(roles__code="call-centre").order_by("pk")[0]
    client.force_login(agent)
    for line in ServiceLine.objects.all():
        calls = Interaction.objects.filter(label="interactions.serviceline", object_id=line.pk)
        assert (calls.exists(), calls[0].content in client.get(f"/service-lines/{line.pk}/").content.decode()) == (
            True,
            True,
        )
    box = Mailbox.objects.get()
    assert (box.sealed_secret, box.address.endswith(".example")) == ("", True)
    assert set(Thread.objects.values_list("state", flat=True)) == {"waiting", "assigned", "aside"}
    letters = Mail.objects.exclude(thread__account=None)
    assert Interaction.objects.filter(label="mail.thread").count() == letters.count() > 15
    assert all(mail.at < clock.now() and mail.thread.last_at >= mail.at for mail in letters)
    waiting = Interaction.objects.filter(label="mail.thread", direction="in", answered_at=None)
    assert {row.object_id for row in waiting} == {
        thread.pk for thread in Thread.objects.exclude(account=None) if thread.letters.latest("at").direction == "in"
    }
    seller = User.objects.filter(roles__code="representative").order_by("pk")[0]
    assert Thread.objects.visible_to(seller).count() in (2, 3)
    client.force_login(agent)
    assert "09:30–18:30" in client.get("/working-days/").content.decode()


def test_everybody_has_signed_in_on_most_days_from_one_device() -> None:
    """The notice of use has figures, and nobody seems to share an account."""
    company = Company.objects.get(code="yuanhang")
    days = User.objects.filter(company=company, is_active=True).annotate(
        n=Count("sign_ins", filter=Q(sign_ins__ok=True))
    )
    assert 12 < min(person.n for person in days) <= max(person.n for person in days) <= 20
    assert look_at(company, clock.today() - timedelta(days=3)) == 0


def test_the_weekly_inspection_finds_what_branches_filed_in_a_hurry() -> None:
    jobs.work_off()
    weekly = Inspection.objects.filter(plan__period="weekly")
    assert set(weekly.values_list("state", flat=True)) == {"done"}
    for batch in weekly:
        drawn = list(batch.drawn.values_list("conforming", flat=True))
        assert (len(drawn), sum(not one for one in drawn)) == (batch.inspected, batch.defective)
    found = Finding.objects.filter(inspection__in=weekly)
    assert set(found.values_list("kind", flat=True)) >= {"missing", "impossible", "duplicate"}
    assert 0 < sum(batch.defective for batch in weekly) < sum(batch.inspected for batch in weekly)


@BOTH
def test_what_follows_an_order_up_to_two_months_of_commission_has_something_to_show() -> None:
    assert Delivery.objects.exists()
    assert {"issued", "draft", "reversed"} == set(Invoice.objects.values_list("state", flat=True))
    steps = set(ReturnRequest.objects.values_list("state", flat=True))
    assert steps == {"draft", "asked", "agreed", "received", "credited", "done"}
    states = set(Statement.objects.values_list("state", flat=True))
    assert {"settled", "shown"} <= states
    assert Statement.objects.filter(state="objected").exclude(objection="").count() == 1
    received = CommissionLine.objects.aggregate(base=Sum("base"), amount=Sum("amount"))
    assert received["base"] > received["amount"] > 0
    assert list(differences(Company.objects.get().pk, date(2000, 1, 1))) == []
    assert Target.objects.filter(level="person").exists() and Target.objects.filter(level="company").count() == 12
    assert Correction.objects.filter(field="ordered_on").count() == 3
