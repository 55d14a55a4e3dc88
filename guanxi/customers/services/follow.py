"""What follows from a change within the same unit: main contact, purchaser history, header versions, completeness."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Max

from guanxi.customers.models import (
    Account,
    BuyingRole,
    Contact,
    FilingStandard,
    InvoiceTitle,
    InvoiceTitleVersion,
    PurchaserChange,
)
from guanxi.customers.services.filing import assess_files, keep_scores
from guanxi.kernel import context, events, work
from guanxi.kernel.entities import entity

PURCHASER_CHANGED = "customers.account.purchaser_changed"
events.declare(PURCHASER_CHANGED)


@work.sealer(40)
def follow(unit: work.Work) -> None:
    by_model: dict[str, list[work.Change]] = defaultdict(list)
    for change in list(unit.changes.values()):
        by_model[change.label].append(change)
    contacts = by_model[Contact._meta.label_lower]
    if contacts:
        _one_main_contact(contacts)
        _note_purchasers(contacts, unit.reason)
    for change in by_model[InvoiceTitle._meta.label_lower]:
        _keep_version(change)
    for company_id in {change.company_id for change in by_model[FilingStandard._meta.label_lower]}:
        assess_files.enqueue(company_id=company_id, unique=f"assess:{company_id}")
    _renew_scores(by_model)


def _one_main_contact(changes: list[work.Change]) -> None:
    """The contact marked last is the main contact of its account."""
    marked = {change.row.account_id: change.object_id for change in changes if change.new.get("is_primary")}
    if marked:
        others = Contact.objects.filter(account__in=marked, is_primary=True).exclude(pk__in=marked.values())
        for other in others:
            other.is_primary = False
            other.save(update_fields=["is_primary"])


def _purchases(state: dict[str, Any]) -> bool:
    return state.get("role") == BuyingRole.PURCHASER and not state.get("left_on") and not state.get("deleted_at")


def _note_purchasers(changes: list[work.Change], reason: str) -> None:
    """One entry per account whose purchaser came, went or was replaced; the first one ever is no change."""
    moves: dict[int, dict[str, Any]] = {}
    first: dict[int, int] = {}
    for change in changes:
        now = change.row.column_values()
        was = change.verb == "changed" and _purchases({**now, **change.old})
        if was != (is_now := change.verb != "erased" and _purchases(now)):
            move = moves.setdefault(now["account_id"], {"company_id": change.company_id})
            move["after_id" if is_now else "before_id"] = change.object_id
            if change.verb == "created":
                first[now["account_id"]] = change.object_id
    known = _had_purchaser(first) if first else set()
    author = context.origin().actor_id
    for account_id, move in moves.items():
        if account_id in first and account_id not in known and "before_id" not in move:
            continue
        PurchaserChange(account_id=account_id, reason=reason[:400], created_by_id=author, **move).save()
        payload = {"id": account_id, "before": move.get("before_id"), "after": move.get("after_id")}
        events.publish(PURCHASER_CHANGED, move["company_id"], **payload)


def _had_purchaser(first: dict[int, int]) -> set[int]:
    """Of these accounts, those that have or had a purchaser besides the contact just made."""
    others = Contact.objects.filter(account__in=first, role=BuyingRole.PURCHASER).exclude(pk__in=first.values())
    changed = PurchaserChange.objects.filter(account__in=first).order_by()
    return {*others.values_list("account", flat=True), *changed.values_list("account", flat=True)}


def _keep_version(change: work.Change) -> None:
    """An invoice header as it stands now becomes its next version, if its content changed."""
    header = change.row
    if change.verb == "erased" or not set(InvoiceTitle.CONTENT) & set(change.new):
        return
    last = header.versions.aggregate(last=Max("number"))["last"] or 0
    InvoiceTitleVersion(
        company_id=header.company_id, header=header, number=last + 1, title=header.title, content=header.content,
        created_by_id=context.origin().actor_id,
    ).save()  # fmt: skip


def _renew_scores(by_model: dict[str, list[work.Change]]) -> None:
    """Score the accounts that changed, or that gained or lost rows a filing standard asks for."""
    rows = {change.object_id: change.row for change in by_model[Account._meta.label_lower] if change.verb != "erased"}
    touched = {
        relation.name: _accounts_of(by_model[relation.target], f"{relation.via}_id")
        for relation in entity(Account).relations
        if relation.target in by_model
    }
    missing: set[int] = set()
    if any(touched.values()):
        asked = {item["field"] for fields in FilingStandard.objects.values_list("fields", flat=True) for item in fields}
        missing = set().union(*(found for name, found in touched.items() if name in asked))
    others = Account.everything.filter(pk__in=missing - rows.keys()) if missing else ()
    if accounts := [*rows.values(), *others]:
        keep_scores(accounts)


def _accounts_of(changes: list[work.Change], column: str) -> set[int]:
    """Accounts whose number of rows may differ by these changes."""
    found: set[int] = set()
    for change in changes:
        if change.verb != "changed" or {"deleted_at", "left_on", column} & set(change.new):
            found |= {getattr(change.row, column), change.old.get(column, getattr(change.row, column))}
    return found
