"""A lead becomes a customer with a contact and, if wanted, an opportunity; nothing that was known gets lost."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.customers.models import Account, Contact
from guanxi.deals.models import Lead, Opportunity
from guanxi.deals.queries.leads import LEAD
from guanxi.deals.services.leads import is_open, require_open
from guanxi.deals.services.mail import lay_letters
from guanxi.interactions.models import Interaction
from guanxi.kernel import clock, doubts, verbs
from guanxi.kernel.actions import MADE, action
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.fields import Field
from guanxi.org.models import Attachment, Comment, User

ACCOUNT, CONTACT = "customers.account", "customers.contact"
LONGEST = 4000
# Where a lead's fields go: as the account, as its contact, as the opportunity; `remark` and what is left over follow.
TO_ACCOUNT = {
    "phone": "phone", "email": "email", "website": "website", "region_code": "region_code", "address": "address",
    "industry": "industry", "source": "source", "source_detail": "source_detail", "need": "business_needs", "tags": "tags",
    "next_contact_on": "next_contact_on",
}  # fmt: skip
TO_CONTACT = {"person": "name", "post": "post", "mobile": "mobile", "wechat": "wechat", "email": "email"}
TO_OPPORTUNITY = {
    "need": "need", "source": "source", "campaign": "campaign", "importance": "importance", "priority": "priority",
    "next_contact_on": "next_contact_on",
}  # fmt: skip
KNOWN = (*dict.fromkeys((*TO_ACCOUNT, *TO_CONTACT, *TO_OPPORTUNITY)), "remark")


@action(Lead, label=gettext_lazy("Convert"), icon="transform", bulk=False, when=is_open, lands=MADE,
        labels={"account": gettext_lazy("Customer on file (empty: a new one)"),
                "title": gettext_lazy("Name of the opportunity (empty: none)"), "amount": gettext_lazy("Expected amount"),
                "anyway": gettext_lazy("Why a new customer although a similar one is on file")},
        initial=lambda lead: {"title": lead.name})  # fmt: skip
def convert(
    lead: Lead, *, actor: User, account: Account | None = None, title: str = "", amount: Decimal | None = None,
    anyway: str = "",
) -> Account:  # fmt: skip
    """One unit: customer, contact, opportunity, comments, files and follow-ups, or nothing at all."""
    require_open(lead)
    if amount is not None and amount < 0:
        raise Refused(_("An amount cannot be negative."), field="amount")
    lead.state, lead.closed_at = Lead.State.CONVERTED, clock.now()
    lead.save(update_fields=["state", "closed_at"])  # first: a lead that is converted is nobody's duplicate
    left = _Left(lead, actor)
    with doubts.asking(bool(anyway.strip()), anyway):
        customer = _into(account, left) if account is not None else _new_customer(left)
        lead.account, lead.contact = customer, _contact(customer, left)
    if title.strip():
        lead.opportunity = _opportunity(lead, left, title, amount)
    left.write_down(customer)
    _carry(lead, customer)
    lead.save(update_fields=["account", "contact", "opportunity"])
    lay_letters(lead)
    return customer


class _Left:
    """What the lead says, and which of it has not found a place yet."""

    def __init__(self, lead: Lead, actor: User) -> None:
        self.lead, self.actor = lead, actor
        declared = entity(LEAD)
        self.fields = declared.fields_for(actor.company)
        self.values = {name: value for name in KNOWN if (value := getattr(lead, name)) not in (None, "", [])}
        extra = {f"x_{key}": value for key, value in lead.extra.items() if value not in (None, "", [])}
        self.extra = {name: value for name, value in extra.items() if name in self.fields}
        self.open = set(self.values) | set(self.extra)

    def give(self, label: str, places: dict[str, str], row: Any = None) -> dict[str, Any]:
        """Values for another record: where it is empty, open to this person, or has a field of the same name."""
        barred = self.actor.closed_fields(label) | self.actor.masked_fields(label)
        theirs = entity(label).fields_for(self.actor.company)
        given = {}
        wanted = [(name, places[name], self.values[name]) for name in places if name in self.values]
        wanted += [(name, name, value) for name, value in self.extra.items() if self._alike(name, theirs.get(name))]
        for name, place, value in wanted:
            if place in barred or place not in theirs:
                continue
            stored = _stored(row, theirs[place], place)
            if stored in (None, "", []):
                given[place] = value
            if stored in (None, "", [], value):
                self.open.discard(name)
            elif place == "tags":
                given[place] = list(dict.fromkeys([*stored, *value]))
                self.open.discard(name)
        return given

    def _alike(self, name: str, other: Field | None) -> bool:
        """The same extra field: a value that fits one fits the other."""
        mine = self.fields.get(name)
        return bool(mine and other) and (mine.kind, mine.choices) == (other.kind, other.choices)  # type: ignore[union-attr]

    def write_down(self, account: Account) -> None:
        """What found no place goes into the remark of the customer; too much of it becomes a comment."""
        lines = [
            f"{self.fields[name].label}：{self._text(name)}"
            for name in (*self.values, *self.extra)
            if name in self.open and not (name in ("importance", "priority") and self.values[name] == "2")
        ]
        if not lines:
            return
        text = "\n".join([_("From the lead %(name)s:") % {"name": self.lead.name}, *lines])
        account.refresh_from_db()
        whole = f"{account.remark}\n{text}".strip()
        if len(whole) <= LONGEST:
            account.remark = whole
            account.save(update_fields=["remark"])
            return
        author = {"author": self.actor, "created_by": self.actor}
        Comment(
            company_id=account.company_id, label=ACCOUNT, object_id=account.pk, text=text[:LONGEST], **author
        ).save()

    def _text(self, name: str) -> str:
        value = self.extra.get(name, self.values.get(name))
        if isinstance(value, list):
            return "、".join(map(str, value))
        return str(self.fields[name].label_of(value))


def _stored(row: Any, field: Any, place: str) -> Any:
    if row is None:
        return None
    return row.extra.get(place.removeprefix("x_")) if field.json else getattr(row, place)


def _new_customer(left: _Left) -> Account:
    lead = left.lead
    human = lead.kind == "person"
    places = dict(TO_ACCOUNT)
    if not lead.phone and (human or not lead.person):
        places["mobile"] = "phone"
    if human:
        places["post"] = "post"
    values = {"kind": lead.kind, "name": lead.name, "owner": lead.owner or left.actor, **left.give(ACCOUNT, places)}
    account: Account = verbs.add(entity(Account), values, actor=left.actor)
    return account


def _into(account: Account, left: _Left) -> Account:
    """An existing customer: only what its file lacks is filled in."""
    if not Account.objects.visible_to(left.actor).filter(pk=account.pk).exists():
        raise Refused(_("This does not exist."), field="account")
    if left.actor.may("change", ACCOUNT) and (values := left.give(ACCOUNT, TO_ACCOUNT, account)):
        verbs.change(entity(Account), account.pk, values, actor=left.actor)
    account.refresh_from_db()
    return account


def _contact(account: Account, left: _Left) -> Contact | None:
    """The person of the lead: one the customer has already, or a new one."""
    lead = left.lead
    if not lead.person or (account.kind == "person" and lead.person == account.name):
        left.open.discard("person" if lead.person else "")
        return None
    known: Any = Contact.objects.filter(account=account, left_on=None)
    same = known.filter(mobile=lead.mobile).first() if lead.mobile else None
    same = same or known.filter(name=lead.person).first()
    if same is not None:
        if left.actor.may("change", CONTACT) and (values := left.give(CONTACT, TO_CONTACT, same)):
            verbs.change(entity(Contact), same.pk, values, actor=left.actor)
        contact: Contact = same
        return contact
    contact = verbs.add(entity(Contact), {"account": account, **left.give(CONTACT, TO_CONTACT)}, actor=left.actor)
    return contact


def _opportunity(lead: Lead, left: _Left, title: str, amount: Decimal | None) -> Opportunity:
    values: dict[str, Any] = {
        "account": lead.account, "name": title.strip()[:120], "owner": lead.owner or left.actor,
        "amount": amount or Decimal(0), **left.give("deals.opportunity", TO_OPPORTUNITY),
    }  # fmt: skip
    if lead.contact is not None:
        values["contact"] = lead.contact
    row: Opportunity = verbs.add(entity(Opportunity), values, actor=left.actor)
    return row


def _carry(lead: Lead, account: Account) -> None:
    """Comments, files and follow-ups go along, each with its author and time; the lead keeps its own."""
    about: Any = lead.opportunity or lead
    said = [
        Interaction(
            company_id=note.company_id, created_by_id=note.created_by_id, created_at=note.created_at, owner_id=note.owner_id,
            department_id=note.department_id, account=account, contact=lead.contact, channel=note.channel, at=note.at,
            content=note.content, next_contact_on=note.next_contact_on, label=about._meta.label_lower, object_id=about.pk,
            extra=note.extra,
        )
        for note in lead.notes.filter(deleted_at=None).order_by("at", "pk")
    ]  # fmt: skip
    if said:
        Interaction.objects.bulk_create(said)
    _copy(Comment, lead, account, ("author_id", "text"))
    _copy(Attachment, lead, account, ("name", "size", "media_type", "digest", "author_id"))


def _copy(model: Any, lead: Lead, account: Account, columns: Iterable[str]) -> None:
    rows = model.objects.filter(label=LEAD, object_id=lead.pk).order_by("pk")
    fresh = [
        model(
            company_id=row.company_id, created_by_id=row.created_by_id, created_at=row.created_at, label=ACCOUNT,
            object_id=account.pk, **{column: getattr(row, column) for column in columns},
        )
        for row in rows
    ]  # fmt: skip
    if fresh:
        model.objects.bulk_create(fresh)
