"""What the customer base puts on a customer's page: gaps of the file, contacts, group, class policy, needs, dates."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.customers.models import (
    Account,
    AccountMember,
    AccountPlan,
    ClassReview,
    ClassScheme,
    ClassStandard,
    Contact,
    ImportantDate,
    PlanAction,
    ReviewItem,
    Segment,
)
from guanxi.customers.queries import accounts as account_queries
from guanxi.customers.queries import classes as class_queries
from guanxi.customers.queries import tiers as tier_queries
from guanxi.customers.queries.filing import file_check
from guanxi.formats.codes import mask_phone
from guanxi.formats.money import money
from guanxi.kernel import clock
from guanxi.kernel.addresses import list_url, record_url
from guanxi.kernel.prepared import ask, once
from guanxi.web.paging import count_up_to
from guanxi.web.panels import panel

LABEL = "customers.account"
LUNAR = ("lunar_month", "lunar_day", "lunar_leap")


@panel(LABEL, "customers/file_check.html", order=10)
def file_gaps(account: Account, user: Any) -> dict[str, Any] | None:
    """What the filing standard still asks for (QUAL-14)."""
    found = file_check(account)
    edit = f"{record_url('customers', account.pk)}edit/" if user.may("change", LABEL) else ""
    return {"check": found, "edit": edit} if found.missing else None


def people(account: Account, user: Any) -> list[Any]:
    """The customer's present contacts, the main one first: asked once for all panels of a page."""
    return once(account, _people_of, user)


def _people_of(user: Any, account_id: int) -> QuerySet[Any]:
    rows = Contact.objects.visible_to(user).filter(account=account_id, left_on=None)
    rows = rows.only("name", "post", "role", "is_primary", "mobile", "phone", "birth_date", *LUNAR)
    return rows.order_by("-is_primary", "pk")[:50]  # type: ignore[no-any-return]


@panel(LABEL, "customers/contacts.html", place="rail", order=10, needs="customers.contact", asks=(_people_of,))
def contacts(account: Account, user: Any) -> dict[str, Any]:
    """The people there: who decides, who buys, how to reach them (INFO-02)."""
    return _people(account, user)


def _people(account: Account, user: Any) -> dict[str, Any]:
    rows = people(account, user)[:8]
    barred = user.masked_fields("customers.contact") | user.closed_fields("customers.contact")
    here = record_url("customers", account.pk)
    shown = [
        {
            "row": row,
            "phone": mask_phone(row.mobile or row.phone)
            if "mobile" not in user.closed_fields("customers.contact")
            else "",
            "dial": "" if "mobile" in barred else row.mobile or row.phone,
            "url": record_url("contacts", row.pk),
        }
        for row in rows
    ]
    add = f"{list_url('contacts')}new/?account={account.pk}" if user.may("add", "customers.contact") else ""
    return {"contacts": shown, "all": f"{here}tab/contacts/", "add": add}


def with_subsidiaries(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.annotate(has_subsidiaries=Exists(Account.objects.filter(parent=OuterRef("pk"))))  # type: ignore[no-any-return]


@panel(LABEL, "customers/group.html", place="rail", order=30, along=with_subsidiaries)
def group(account: Account, user: Any) -> dict[str, Any] | None:
    """The group of companies this one belongs to, with its totals (GROUP-01)."""
    if account.parent_id is None and not is_parent(account):
        return None
    root = account_queries.group_root(account)
    members = Account.objects.visible_to(user).filter(pk__in=account_queries.group_ids(root)).order_by("pk")
    visible_root = members.filter(pk=root.pk).exists()
    sums = account_queries.group_totals(root, user)
    totals = [
        (_("Companies"), sums["accounts"]),
        (_("Contacts"), sums["contacts"]),
        (_("Credit limit"), money(sums["credit_limit"])),
    ]
    if "credit_limit" in user.masked_fields(LABEL) | user.closed_fields(LABEL):
        totals.pop()
    return {"root": root if visible_root else None, "members": members[:8], "totals": totals}


def is_parent(account: Account) -> bool:
    """Has it subsidiaries?  Its page has asked already, with the row."""
    known: bool | None = account.__dict__.get("has_subsidiaries")
    return account.subsidiaries.exists() if known is None else known


def _members_of(user: Any, account_id: int) -> QuerySet[Any]:
    rows = AccountMember.objects.visible_to(user).filter(AccountMember.on(clock.today()), account=account_id)
    return rows.select_related("person").only("role", "person__name").order_by("role", "pk")[:20]  # type: ignore[no-any-return]


@panel(LABEL, "customers/team.html", place="rail", order=15, needs="customers.accountmember", asks=(_members_of,))
def team(account: Account, user: Any) -> dict[str, Any] | None:
    """Who looks after the customer and who assists (ORG-08)."""
    members = once(account, _members_of, user)
    lacking = account.grade == "A" and (account.owner is None or not account.owner.is_active)
    return {"members": members, "owner": account.owner, "lacking": lacking} if members or lacking else None


def _plans_of(user: Any, *account_ids: int) -> QuerySet[Any]:
    rows = AccountPlan.objects.visible_to(user).filter(account__in=account_ids)
    return rows.only("title", "goal", "strategy").order_by("-starts_on", "-pk")[:1]  # type: ignore[no-any-return]


@panel(LABEL, "customers/plan.html", order=55, needs="customers.accountplan", asks=(_plans_of,))
def plan(account: Account, user: Any) -> dict[str, Any] | None:
    """The plan of the customer, or of the head of its group, that all departments share (GROUP-02)."""
    head = account_queries.group_root(account)
    rows = once(account, _plans_of, user) if head is account else ask(_plans_of, user, account.pk, head.pk)
    if not rows:
        return None
    found = rows[0]
    steps = PlanAction.objects.visible_to(user).filter(plan=found).select_related("person")
    return {"plan": found, "steps": list(steps.order_by("due_on", "pk")[:12])}


@panel(LABEL, "customers/policy.html", place="rail", order=40, asks=(class_queries.classes_of,))
def policy(account: Account, user: Any) -> dict[str, Any] | None:
    """The class in force and the service it means (CLASS-09), beside the other schemes (CLASS-05)."""
    now = class_queries.classes_now(account, user)
    driving = next((row for row in now if row.scheme.is_policy), None)
    found = class_queries.as_kept(driving.scheme, account.company).named(driving.class_code) if driving else None
    tier = tier_queries.policy_now(account)
    lines = tier_queries.in_words(tier) if tier else []
    return {"policy": found, "classes": now, "tier": tier, "lines": lines} if now or found or tier else None


@panel(LABEL, "customers/card_policy.html", place="card", order=15)
def card_policy(account: Account, user: Any) -> dict[str, Any] | None:
    """The policy of the customer's class on the printed card (CLASS-08)."""
    tier = tier_queries.policy_now(account)
    return {"tier": tier, "lines": tier_queries.in_words(tier)} if tier else None


@panel(LABEL, "customers/needs.html", order=60, needs="customers.need", asks=(account_queries.needs_of,))
def needs(account: Account, user: Any) -> dict[str, Any]:
    """Needs, opinions and suggestions as dated entries (INFO-04)."""
    add = f"{list_url('needs')}new/?account={account.pk}" if user.may("add", "customers.need") else ""
    return {
        "needs": account_queries.newest_needs(account, user)[:5],
        "all": f"{record_url('customers', account.pk)}tab/needs/",
        "add": add,
    }


def _days_of(user: Any, account_id: int) -> QuerySet[Any]:
    rows = ImportantDate.objects.visible_to(user).filter(account=account_id)
    return rows.only("kind", "title", "on", "yearly", *LUNAR)[:50]  # type: ignore[no-any-return]


@panel(LABEL, "customers/dates.html", place="rail", order=50, asks=(_people_of, _days_of))
def dates(account: Account, user: Any) -> dict[str, Any] | None:
    """Days to remember of the customer and its people (INFO-06), the next one first."""
    if "birth_date" in user.closed_fields(LABEL) | user.masked_fields(LABEL):
        return None
    found = upcoming(account, user)
    return {"dates": found[:6]} if found else None


def upcoming(account: Account, user: Any) -> list[dict[str, Any]]:
    """The next occurrence of each birthday and important date of one customer."""
    first = clock.today()
    found = []
    for row in [account, *people(account, user)]:
        if row.birth_date:
            found.append({"on": _next(row.birth_date, first), "name": row.name, "what": _("Birthday")})
        elif row.lunar_birthday:
            found.append({"on": row.lunar_birthday.next_after(first), "name": row.name, "what": _("Lunar birthday")})
    for day in once(account, _days_of, user):
        on = day.lunar.next_after(first) if day.lunar else _next(day.on, first) if day.yearly else day.on
        if on and on >= first:
            found.append({"on": on, "name": str(day), "what": day.get_kind_display()})
    return sorted(found, key=lambda item: item["on"])


def _next(day: Any, first: Any) -> Any:
    """The next yearly return of a day; 29 February falls on 1 March in other years."""
    for year in (first.year, first.year + 1):
        try:
            on = day.replace(year=year)
        except ValueError:
            on = day.replace(year=year, month=2, day=28) + timedelta(days=1)
        if on >= first:
            return on
    return day


@panel(LABEL, "customers/card_contacts.html", place="card", order=10)
def card_contacts(account: Account, user: Any) -> dict[str, Any]:
    """Contacts and the next plan on the printed card (INFO-12)."""
    return {**_people(account, user), "next": account.next_contact_on, "last": account.last_contact_on}


@panel("customers.segment", "customers/segment.html")
def members(segment: Segment, user: Any) -> dict[str, Any]:
    """Who is in the segment now, as the ordinary list (SEG-02)."""
    where = quote(json.dumps(segment.where or {}, ensure_ascii=False))
    return {
        "n": count_up_to(class_queries.members(segment, user)),
        "url": f"{list_url('customers')}?view=all&where={where}",
    }


@panel("customers.classscheme", "customers/scheme_tools.html", place="rail", order=20, needs=LABEL)
def scheme_tools(scheme: ClassScheme, user: Any) -> dict[str, Any]:
    """The standards published, and how any day was classed (CLASS-12, CLASS-13)."""
    rows = list(ClassStandard.objects.filter(scheme=scheme).select_related("created_by")[:6])
    return {"standards": rows, "day_url": reverse("scheme-day", args=[scheme.pk])}


@panel("customers.classreview", "customers/review.html", order=10, needs="customers.reviewitem")
def review_agenda(review: ClassReview, user: Any) -> dict[str, Any]:
    """How far the meeting is, decision by decision (CLASS-07)."""
    rows = ReviewItem.objects.visible_to(user).filter(review=review).order_by().values_list("decision")
    counted = dict(rows.annotate(n=Count("pk")))
    here = record_url("class-reviews", review.pk)
    steps = [(label, counted.get(value, 0)) for value, label in ReviewItem.Decision.choices]
    return {"steps": steps, "tab": f"{here}tab/items/", "total": sum(counted.values()), "printed": f"{here}print/"}


@panel("customers.classreview", "customers/minutes.html", place="card", order=10, needs="customers.reviewitem")
def minutes(review: ClassReview, user: Any) -> dict[str, Any]:
    """The minutes on paper: who took part, and each customer with what was decided."""
    names = {each["code"]: each["name"] for each in class_queries.as_published(review.scheme).classes}
    items = ReviewItem.objects.visible_to(user).filter(review=review).select_related("account", "decided_by")
    rows = [
        {
            "item": item,
            "present": names.get(item.present, item.present),
            "proposed": names.get(item.proposed, item.proposed),
            "decided": names.get(item.decided, item.decided),
        }
        for item in items.order_by("reason", "pk")[:1000]
    ]
    return {"rows": rows, "seats": review.seats.filter(deleted_at=None).select_related("person"), "review": review}


@panel("customers.classscheme", "customers/tier_matrix.html", order=20, needs="customers.tierpolicy")
def tier_matrix(scheme: ClassScheme, user: Any) -> dict[str, Any] | None:
    """The policy matrix in force: what each class of the policy scheme gets (CLASS-06, CLASS-08)."""
    found = tier_queries.matrix(scheme.company_id) if scheme.is_policy else {}
    if not found:
        return None
    published = class_queries.as_published(scheme)
    names = {published.grade_of(code): published.named(code)["name"] for code in published.codes}
    words = {grade: dict(tier_queries.in_words(policy)) for grade, policy in found.items()}
    labels = dict.fromkeys(label for each in words.values() for label in each)
    return {
        "heads": [(names.get(grade, grade), policy.pk) for grade, policy in found.items()],
        "lines": [
            (label, [(names.get(grade, grade), words[grade].get(label, "—")) for grade in found]) for label in labels
        ],
    }
