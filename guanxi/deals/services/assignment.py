"""Leads without owner find one by the company's rules: the first rule that fits decides, in turn or by load."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guanxi.deals.models import AssignmentRule, Lead
from guanxi.deals.queries.leads import candidates, fitting, loads
from guanxi.kernel import work
from guanxi.kernel.actions import action
from guanxi.kernel.addresses import record_url
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kernel.filters import FilterError, parse
from guanxi.org.models import User
from guanxi.org.services import tell
from guanxi.org.services.departments import colleagues
from guanxi.web.nav import link


def by_rules(leads: Sequence[Any]) -> int:
    """Give those of the leads a rule speaks of to somebody; how many got an owner."""
    if not leads:
        return 0
    waiting: dict[int, Any] = {lead.pk: lead for lead in leads}
    got: dict[int, list[Any]] = defaultdict(list)
    people: dict[int, User] = {}
    rules = AssignmentRule.objects.filter(company_id=leads[0].company_id, is_active=True).select_related("company")
    for rule in rules.order_by("position", "id").select_for_update(of=("self",)):  # one turn after the other
        ids = sorted(fitting(rule, waiting)) if waiting else []
        chosen = candidates(rule) if ids else []
        if not chosen:
            continue
        people |= {person.pk: person for person in chosen}
        for pk, person in zip(ids, _in_order(rule, chosen, len(ids)), strict=True):
            lead = waiting.pop(pk)
            lead.given_by_rule = rule
            lead.hand_to(person)
            lead.save(update_fields=["owner", "department"])
            got[person.pk].append(lead)
            rule.last_given = person.pk
        AssignmentRule.objects.filter(pk=rule.pk).update_silently(last_given=rule.last_given)
    for pk, mine in got.items():
        _tell(people[pk], mine)
    return sum(map(len, got.values()))


def _in_order(rule: AssignmentRule, chosen: list[User], n: int) -> list[User]:
    """Who gets the next n leads."""
    if rule.method == AssignmentRule.Method.LOAD:
        held, order = loads(chosen), []
        for _lead in range(n):
            person = min(chosen, key=lambda one: (held[one.pk], one.pk))
            held[person.pk] += 1
            order.append(person)
        return order
    later = [person for person in chosen if rule.last_given is not None and person.pk > rule.last_given]
    turn = [*later, *(person for person in chosen if person not in later)]
    return [turn[number % len(turn)] for number in range(n)]


def _tell(person: User, leads: list[Any]) -> None:
    text = ngettext(
        "%(n)s new lead for you: %(name)s.", "%(n)s new leads for you, the first: %(name)s.", len(leads)
    ) % {"n": len(leads), "name": leads[0].name}
    url = record_url("leads", leads[0].pk)
    if len(leads) > 1:
        url = link("leads", view="mine")
    tell([person], text, url=url, icon="user-plus")


@action(
    Lead,
    label=gettext_lazy("Assign by the rules"),
    permission="assign",
    icon="route",
    when=lambda lead: lead.owner_id is None and lead.is_open,
)
def assign_by_rules(lead: Lead, *, actor: User) -> Lead:
    """Ask the assignment rules again, for instance after they were changed."""
    if lead.owner_id is not None or not lead.is_open:
        raise Refused(_("This lead has an owner already or is closed."))
    if not by_rules([lead]):
        raise Refused(_("No assignment rule fits this lead, or nobody it names is there."))
    return lead


@action(AssignmentRule, label=gettext_lazy("Set people"), permission="change", icon="users", bulk=False,
        labels={"people": gettext_lazy("People")}, choices={"people": colleagues},
        initial=lambda rule: {"people": [str(pk) for pk in rule.people.values_list("pk", flat=True)]})  # fmt: skip
def set_people(rule: AssignmentRule, *, actor: User, people: list[str] | None = None) -> AssignmentRule:
    """Who gets the leads of the rule, besides team and role."""
    before = sorted(rule.people.values_list("name", flat=True))
    rule.people.set(User.objects.filter(company_id=rule.company_id, is_active=True, pk__in=people or []))
    after = sorted(rule.people.values_list("name", flat=True))
    if before != after:
        old, new = {"people": before}, {"people": after}
        label = rule._meta.label_lower
        work.require().note(work.Change(rule.company_id, label, rule.pk, rule.name, "changed", old, new, rule))
    return rule


def check_rule(rule: Any) -> None:
    """The condition must be readable."""
    try:
        parse(rule.where or {}, entity(Lead), rule.company)
    except FilterError as error:
        raise Invalid({"where": [str(error)]}) from error
