"""Whose an address is, which mailboxes a company has, and who sees which conversation."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from guanxi.customers.models import Account, Contact
from guanxi.kernel.prepared import settled
from guanxi.mail.models import Mail, Mailbox, Thread
from guanxi.org.access import Access

ACCOUNT, CONTACT, THREAD = "customers.account", "customers.contact", "mail.thread"
Person = tuple[int, int | None]  # ids of customer and contact


class ThreadSight:
    """Whoever sees the customer sees its e-mails; those of unknown senders go to whoever may assign them."""

    def rows(self, access: Access, prefix: str) -> Q:
        mine = Q(**{f"{prefix}account__isnull": False}) & access.scope(ACCOUNT, f"{prefix}account__")
        return mine | Q(**{f"{prefix}account__isnull": True}) if access.may("assign", THREAD) else mine

    def closed(self, _access: Access) -> frozenset[str]:
        return frozenset()

    def masked(self, access: Access) -> frozenset[str]:
        """Who may not read the addresses of customers does not read them here."""
        barred = {"email"} & (
            access.masked(CONTACT) | access.closed(CONTACT) | access.masked(ACCOUNT) | access.closed(ACCOUNT)
        )
        return frozenset({"address"} if barred else ())


def _in_use(_user: Any, company_id: int) -> QuerySet[Any]:
    rows = Mailbox.objects.filter(company_id=company_id, is_active=True).exclude(smtp_host="")
    return rows.order_by("pk").values_list("pk")  # type: ignore[no-any-return]


def mailboxes_in_use(company: Any) -> list[int]:
    """Ids of the mailboxes letters can be sent from, the company's first one first."""
    return [pk for (pk,) in settled(_in_use, company)]


def people_at(company_id: int, address: str) -> list[Person]:
    """The customers and contacts an address belongs to; people who have left do not count."""
    found: list[Person] = []
    for model, more in ((Contact, {"left_on": None, "account__deleted_at": None}), (Account, {})):
        rows = model.objects.annotate(mail=Lower("email")).filter(company_id=company_id, mail=address, **more)
        rows = rows.exclude(email="").order_by("pk")
        found += (
            rows.values_list("account_id", "pk")
            if model is Contact
            else ((pk, None) for pk in rows.values_list("pk", flat=True))
        )
    return found


def owner_of(company_id: int, address: str) -> Person | None:
    """The one customer behind an address: by its file, or because somebody has said so before; None if nobody can tell."""
    found = people_at(company_id, address)
    if found:
        return found[0] if len({account for account, _contact in found}) == 1 else None
    rows = Thread.objects.filter(
        company_id=company_id, address=address, account__deleted_at=None, account__isnull=False
    )
    last: Person | None = rows.order_by("-last_at").values_list("account_id", "contact_id").first()
    return last


def to_answer(thread: Thread) -> Mail | None:
    """The letter an answer answers: the last one received, or else our own last one."""
    newest = thread.letters.order_by("-at", "-pk")
    return newest.filter(direction=Mail.Direction.IN).first() or newest.first()


def recipient_of(thread: Thread, answered: Mail | None) -> tuple[str, str]:
    """Name and address an answer goes to: whoever wrote last."""
    if answered is not None and answered.direction == Mail.Direction.IN and answered.sender:
        return answered.sender_name, answered.sender
    return thread.name, thread.address


def others_of(answered: Mail | None) -> str:
    """Everybody else who had the letter: they get a copy of the answer, our own mailboxes do not."""
    if answered is None:
        return ""
    ours = {
        address.lower()
        for address in Mailbox.objects.filter(company_id=answered.company_id).values_list("address", flat=True)
    }
    named = f"{answered.recipients}, {answered.copies}" if answered.direction == Mail.Direction.IN else answered.copies
    there = [
        part for part in (part.strip() for part in named.split(",")) if part and part not in {*ours, answered.sender}
    ]
    return ", ".join(dict.fromkeys(there))


def signature_of(person: Any, box: Mailbox) -> str:
    """How letters of this person end: name and post, then what the mailbox says of the company."""
    first = " ".join(filter(None, (person.name, person.title)))
    return f"{first}\n{box.signature.strip() or person.company.name}"


def letters_of(user: Any, thread_id: int) -> QuerySet[Any]:
    """The letters of a conversation, the newest first."""
    return Mail.objects.visible_to(user).filter(thread=thread_id).order_by("-at", "-pk")  # type: ignore[no-any-return]
