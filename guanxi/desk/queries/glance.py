"""What stands beside the work on the start page: coming dates, what is new, the person's work areas."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.customers.models import Account, Contact
from guanxi.kernel import clock
from guanxi.kernel.addresses import list_url, record_url
from guanxi.org.models import Notice
from guanxi.web.nav import link

NEWEST = 3


def coming_dates(user: Any) -> list[dict[str, Any]]:
    """Birthdays of the next two weeks of the person's own customers and their contacts, the nearest first."""
    days = {(day := clock.today() + timedelta(days=n)).month * 100 + day.day: day for n in range(14)}
    found = []
    own: tuple[tuple[Any, dict[str, Any], str], ...] = (
        (Account, {"owner": user, "retired_on": None}, "pk"),
        (Contact, {"account__owner": user, "left_on": None}, "account_id"),
    )
    for model, mine, account in own:
        label = model._meta.label_lower
        if not user.may("view", label) or "birth_date" in user.closed_fields(label) | user.masked_fields(label):
            continue
        rows = model.objects.visible_to(user).filter(birth_md__in=list(days), **mine)
        found += [
            {
                "on": days[md],
                "name": name,
                "url": record_url("customers", pk),
                "hint": _("Birthday"),
            }
            for md, name, pk in rows.values_list("birth_md", "name", account)[:20]
        ]
    return sorted(found, key=lambda item: (item["on"], item["name"]))[:6]


def notices(user: Any) -> list[Notice]:
    return list(Notice.objects.filter(user=user, read_at=None).order_by("-id")[:NEWEST])


def work_areas(user: Any) -> list[dict[str, Any]]:
    """The work areas of the person's department and roles (ORG-01, ORG-02): each opens its pages."""
    wanted = set(user.access.areas) | set(user.department.duties if user.department else [])
    return [
        {"label": label, "icon": icon, "url": url} for key, (label, icon, url) in area_pages().items() if key in wanted
    ]


def area_pages() -> dict[str, tuple[str, str, str]]:
    """Where each duty of a customer-relations department is done."""
    return {
        "strategy": (_("Strategy and rules"), "book-2", list_url("class-schemes")),
        "needs": (_("Needs research and solutions"), "bulb", list_url("needs")),
        "satisfaction": (
            _("Satisfaction surveys"),
            "mood-smile",
            link("needs", {"f": "kind", "op": "is", "v": "opinion"}),
        ),
        "complaints": (
            _("Complaints and disputes"),
            "message-report",
            link("service-requests", view="open"),
        ),
        "training": (_("Training"), "school", list_url("trainings")),
        "analysis": (_("Data analysis and reporting"), "chart-histogram", reverse("insight")),
    }
