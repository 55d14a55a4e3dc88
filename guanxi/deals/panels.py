"""What stands on the pages of leads and opportunities: stages with evidence, moves, follow-ups, who had a lead; and on a
customer's page its opportunities."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.customers.models import Account
from guanxi.deals.models import Lead, LeadNote, LeadStay, Opportunity, StageMove
from guanxi.deals.models.opportunities import MOVE_TONES
from guanxi.deals.queries.leads import LEAD, STAY, tenures
from guanxi.deals.queries.stages import OPPORTUNITY, evidence, following, sees_amounts, stages_of
from guanxi.duplicates.kinds import kind_of
from guanxi.duplicates.queries.check import check
from guanxi.interactions.models import Interaction
from guanxi.interactions.models.contacts import Channel
from guanxi.kernel import clock
from guanxi.kernel.addresses import list_url, record_url
from guanxi.kernel.entities import entity
from guanxi.kernel.prepared import once
from guanxi.pool.models import Content
from guanxi.pool.queries import pools_of
from guanxi.pool.services.limits import allowance
from guanxi.web.nav import link
from guanxi.web.panels import panel

SHOWN = 12


# -- leads


@panel(LEAD, "deals/followups.html", order=20)
def lead_follow_ups(lead: Lead, user: Any) -> dict[str, Any]:
    """What was said with the lead, the newest first."""
    here = record_url("leads", lead.pk)
    rows = LeadNote.objects.filter(lead=lead).select_related("owner").order_by("-at", "-pk")[:SHOWN]
    items = [_said(row.at, row.channel, row.owner, row.content, row.next_contact_on) for row in rows]
    may = user.may("change", LEAD) and lead.is_open
    return {"items": items, "log": f"{here}do/log_contact/" if may else "", "all": f"{here}tab/notes/"}


def _said(at: Any, channel: str, who: Any, text: str, coming: Any) -> dict[str, Any]:
    return {
        "at": timezone.localtime(at), "channel": Channel(channel).label, "who": who, "text": text, "next": coming,
    }  # fmt: skip


@panel(LEAD, "deals/held.html", place="rail", order=20)
def who_had_it(lead: Lead, user: Any) -> dict[str, Any]:
    """Who had the lead, given by whom or by which rule."""
    stay = LeadStay.objects.filter(lead=lead).select_related("pool").first()
    return {"tenures": tenures(lead.pk), "stay": stay}


@panel(LEAD, "deals/became.html", order=5)
def became(lead: Lead, user: Any) -> dict[str, Any] | None:
    """What a converted lead has become, with the way there."""
    if lead.state != Lead.State.CONVERTED:
        return None
    slugs = {"account": "customers", "contact": "contacts", "opportunity": "opportunities"}
    rows = [
        (entity(type(row)).singular, row, record_url(slug, row.pk))
        for name, slug in slugs.items()
        if (row := getattr(lead, name)) is not None and type(row).objects.visible_to(user).filter(pk=row.pk).exists()
    ]
    return {"rows": rows}


@panel(LEAD, "deals/alike.html", place="verb:convert")
def alike(lead: Lead, user: Any) -> dict[str, Any] | None:
    """Customers and contacts on file that look like the lead, before it becomes one (BEYOND-04)."""
    kind = kind_of(LEAD)
    found = [hit for hit in check(kind.of_row(lead), user, [lead.pk]) if hit.label != LEAD] if kind else []
    return {"hits": found} if found else None


@panel(STAY, "deals/held.html", place="rail", order=20)
def who_had_pool_lead(stay: LeadStay, user: Any) -> dict[str, Any]:
    return {"tenures": tenures(stay.lead_id), "stay": stay}


@panel(STAY, "deals/held.html", place="verb:claim")
def before_claiming(stay: LeadStay, user: Any) -> dict[str, Any]:
    return {"tenures": tenures(stay.lead_id), "stay": stay}


@panel(STAY, "pool/quota.html", place="list")
def quota(listing: Any, user: Any) -> dict[str, Any] | None:
    """What the reader holds and may still claim today: in the chosen pool, else in each of their pools."""
    mine = pools_of(user, Content.LEADS)
    chosen = [pool for pool in mine if listing.tab.key == f"pool-{pool.pk}"] or mine[:3]
    if not chosen or not user.may("claim", STAY):
        return None
    return {"lines": [{"pool": pool, "left": allowance(pool, user)} for pool in chosen], "named": len(chosen) > 1}


# -- opportunities


@panel(OPPORTUNITY, "deals/stages.html", order=5)
def stages(row: Opportunity, user: Any) -> dict[str, Any] | None:
    """The way through the pipeline, and what is missing before the next stage (SALE-03)."""
    if row.stage is None:
        return None
    found = stages_of(row.pipeline_id)
    place = next((n for n, stage in enumerate(found) if stage.pk == row.stage_id), 0)
    won = row.state == "won"
    steps = [
        {"n": n + 1, "stage": stage, "cls": "s2" if n < place or won else "s1" if n == place else "s0"}
        for n, stage in enumerate(found)
    ]
    here = record_url("opportunities", row.pk)
    may = row.is_open and user.may("change", OPPORTUNITY)
    stalled = row.stalled_on is not None and row.stalled_on <= clock.today()
    return {
        "steps": steps, "open": row.is_open, "evidence": evidence(row) if row.is_open else [], "next": following(row, found),
        "days": row.days_in_stage, "stalled": stalled, "advance": f"{here}do/advance/" if may else "",
        "win": f"{here}do/win/" if may else "", "advice": row.stage.advice if row.is_open else "",
    }  # fmt: skip


@panel(OPPORTUNITY, "deals/products.html", order=10, needs="deals.opportunityline")
def products(row: Opportunity, user: Any) -> dict[str, Any] | None:
    """What the customer may buy; no line, no panel."""
    rows = list(row.lines.filter(deleted_at=None).select_related("product"))
    return {"lines": rows} if rows else None


@panel(OPPORTUNITY, "deals/followups.html", order=20, needs="interactions.interaction")
def follow_ups(row: Opportunity, user: Any) -> dict[str, Any]:
    """What was said about it, the newest first (FUP-01)."""
    here = record_url("opportunities", row.pk)
    rows = Interaction.objects.visible_to(user).filter(opportunity=row).select_related("owner")
    items = [
        _said(one.at, one.channel, one.owner, one.content, one.next_contact_on)
        for one in rows.order_by("-at", "-pk")[:SHOWN]
    ]
    may = row.is_open and user.may("change", OPPORTUNITY)
    return {"items": items, "log": f"{here}do/log_contact/" if may else "", "all": ""}


@panel(OPPORTUNITY, "deals/moves.html", place="rail", order=20)
def moves(row: Opportunity, user: Any) -> dict[str, Any]:
    """Every step with its day, who took it and how long the stage before lasted."""
    found = StageMove.objects.filter(opportunity=row).select_related("before", "after", "moved_by").order_by("-id")
    return {"moves": [(move, MOVE_TONES[move.kind]) for move in found[:20]]}


@panel(OPPORTUNITY, "deals/origin.html", place="rail", order=30, needs=LEAD)
def origin(row: Opportunity, user: Any) -> dict[str, Any] | None:
    """The lead it came from."""
    found = Lead.objects.visible_to(user).filter(opportunity=row).first()
    return {"lead": found, "url": record_url("leads", found.pk)} if found else None


@panel(OPPORTUNITY, "deals/sums.html", place="list")
def sums(listing: Any, user: Any) -> dict[str, Any] | None:
    """Open amount, weighted, and how many are stalled, of what the list shows."""
    if not sees_amounts(user):
        return None
    rows = listing.rows.filter(state="open").order_by()
    found = rows.aggregate(
        n=Count("pk"), total=Sum("amount"), weighted=Sum(F("amount") * F("probability") / 100),
        stalled=Count("pk", filter=Q(stalled_on__lte=clock.today())),
    )  # fmt: skip
    ways = {"url": link("opportunities", view="stalled"), "figures": reverse("deals-figures")}
    return {**found, **ways} if found["n"] else None


# -- the customer's page


@panel("customers.account", "deals/log_at.html", place="verb:log_contact", order=10, needs=OPPORTUNITY)
def log_at(account: Account, user: Any) -> dict[str, Any] | None:
    """A contact about one of the open opportunities is logged there: it counts for both."""
    if not user.may("change", OPPORTUNITY):
        return None
    rows = Opportunity.objects.visible_to(user).filter(account=account, state="open").order_by("-pk")
    log = [{"name": row.name, "url": f"{record_url('opportunities', row.pk)}do/log_contact/"} for row in rows[:6]]
    return {"rows": log} if log else None


def _newest(user: Any, account_id: int) -> QuerySet[Any]:
    rows = Opportunity.objects.visible_to(user).filter(account=account_id)
    columns = ("pk", "name", "state", "stage__name", "amount", "expected_on", "owner__name", "stalled_on")
    return rows.order_by("-pk").values_list(*columns)[:SHOWN]  # type: ignore[no-any-return]


@panel("customers.account", "deals/of_customer.html", order=40, needs=OPPORTUNITY, asks=(_newest,))
def opportunities_of(account: Account, user: Any) -> dict[str, Any] | None:
    """The customer's opportunities, open ones first."""
    names = ("pk", "name", "state", "stage", "amount", "expected", "owner", "stalled_on")
    rows: list[dict[str, Any]] = [dict(zip(names, values, strict=True)) for values in once(account, _newest, user)]
    for row in rows:
        row["url"] = record_url("opportunities", row["pk"])
        row["late"] = row["state"] == "open" and row["stalled_on"] is not None and row["stalled_on"] <= clock.today()
        row["word"] = row["stage"] if row["state"] == "open" else _("Won") if row["state"] == "won" else _("Lost")
        row["tone"] = {"open": "blue", "won": "green"}.get(row["state"], "gray")
    rows.sort(key=lambda row: row["state"] != "open")
    add = f"{list_url('opportunities')}new/?account={account.pk}"
    may = user.may("add", OPPORTUNITY)
    return {"rows": rows, "add": add if may else ""} if rows or may else None
