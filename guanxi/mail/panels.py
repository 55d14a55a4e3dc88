"""The page of a conversation: its letters with their files, what is still to be done, and phrases where one writes."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.urls import reverse

from guanxi.customers.models import Account
from guanxi.interactions.panels import phrases_at_hand
from guanxi.kernel.addresses import list_url, record_url
from guanxi.mail.models import Mail, Mailbox, Thread
from guanxi.mail.queries import letters_of, recipient_of, to_answer
from guanxi.org.models import Attachment
from guanxi.web.panels import panel

LABEL, SHOWN = "mail.thread", 100
TONES = {"failed": "red", "waiting": "amber", "leaving": "amber"}


@panel(LABEL, "mail/conversation.html", order=10)
def conversation(thread: Thread, user: Any) -> dict[str, Any]:
    """The letters, the newest first; one that has not left says why."""
    barred = "address" in user.masked_fields(LABEL) | user.closed_fields(LABEL)
    letters = list(letters_of(user, thread.pk)[:SHOWN])
    files: dict[int, list[Attachment]] = defaultdict(list)
    for file in Attachment.objects.filter(label="mail.mail", object_id__in=[mail.pk for mail in letters]).order_by(
        "pk"
    ):
        files[file.object_id].append(file)
    shown = [
        {"mail": mail, "files": files[mail.pk], "inward": mail.direction == Mail.Direction.IN,
         "state": mail.get_state_display() if mail.state in TONES else "", "tone": TONES.get(mail.state, ""),
         "again": _again(mail, user), "to": "" if barred else mail.recipients}
        for mail in letters
    ]  # fmt: skip
    return {"letters": shown, "here": record_url("mail", thread.pk)}


def _again(mail: Mail, user: Any) -> str:
    may = mail.state == Mail.State.FAILED and user.may("add", LABEL)
    return reverse("record-verb", args=["mail-letters", mail.pk, "send_again"]) if may else ""


@panel(LABEL, "mail/no_box.html", place="list", order=10)
def no_box(_listing: Any, user: Any) -> dict[str, Any] | None:
    """Without a mailbox nothing arrives here: who can set one up, and what it brings."""
    if Mailbox.objects.filter(company_id=user.company_id, is_active=True).exclude(imap_host="").exists():
        return None
    return {"new": f"{list_url('mailboxes')}new/" if user.may("add", "mail.mailbox") else ""}


@panel("mail.mailbox", "mail/no_password.html", order=10)
def no_password(mailbox: Mailbox, user: Any) -> dict[str, Any] | None:
    """A mailbox just entered neither receives nor sends: the step that is missing, for who may take it."""
    if mailbox.sealed_secret or not user.may("change", "mail.mailbox"):
        return None
    return {"connect": f"{record_url('mailboxes', mailbox.pk)}do/connect/"}


@panel(LABEL, "mail/recipient.html", place="verb:reply", order=10)
def recipient(thread: Thread, user: Any) -> dict[str, Any]:
    """To whom the answer goes."""
    barred = "address" in user.masked_fields(LABEL) | user.closed_fields(LABEL)
    name, address = recipient_of(thread, to_answer(thread))
    return {"name": name, "address": "" if barred else address, "page": reverse("mail-answer", args=[thread.pk])}


@panel("customers.account", "mail/recipient.html", place="verb:write_mail", order=10)
def page_of_its_own(account: Account, user: Any) -> dict[str, Any]:
    """The way to the page on which files can be put to the letter."""
    return {"page": reverse("mail-begin", args=[account.pk])}


for label, place in ((LABEL, "verb:reply"), ("customers.account", "verb:write_mail")):
    panel(label, "interactions/phrases.html", place=place, order=90)(phrases_at_hand)
