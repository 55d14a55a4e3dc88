"""Letters and address labels for a selection of customers (INFO-19): a text with blanks, filled in per customer."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account, Contact
from guanxi.formats.regions import place
from guanxi.kernel import clock
from guanxi.kernel.errors import Refused

# The blanks a letter may hold; nothing else of a customer can get into one.
BLANKS = {
    "name": _("customer name"),
    "contact": _("contact person"),
    "salutation": _("salutation"),
    "address": _("address"),
    "owner": _("owner"),
    "today": _("today's date"),
}
MOST = 500
_BLANK = re.compile(r"\{(\w+)\}")


def check(text: str) -> str:
    """The text, if it holds only known blanks."""
    unknown = sorted(set(_BLANK.findall(text)) - set(BLANKS))
    if unknown:
        raise Refused(_("Unknown blanks: %(names)s.") % {"names": "、".join(unknown)}, field="text")
    if not text.strip():
        raise Refused(_("Write the letter first."), field="text")
    return text


def addressees(ids: list[int], user: Any) -> list[dict[str, str]]:
    """What labels and letters say per customer, as far as the person may read it; in the order of the list."""
    if len(ids) > MOST:
        raise Refused(_("At most %(n)d letters at once.") % {"n": MOST})
    closed = user.closed_fields("customers.account") | user.masked_fields("customers.account")
    accounts = Account.objects.visible_to(user).select_related("owner").in_bulk(ids)
    main: dict[int, Contact] = {}
    if user.may("view", "customers.contact"):
        rows = Contact.objects.visible_to(user).filter(account__in=ids, left_on=None).order_by("is_primary", "-pk")
        main = {contact.account_id: contact for contact in rows}
    return [_words(accounts[pk], main.get(pk), "address" not in closed) for pk in ids if pk in accounts]


def _words(account: Account, contact: Contact | None, with_address: bool) -> dict[str, str]:
    return {
        "name": account.name,
        "contact": contact.name if contact else "",
        "salutation": (contact.salutation or contact.name) if contact else account.name,
        "address": f"{place(account.region_code, unknown='')}{account.address}" if with_address else "",
        "owner": account.owner.name if account.owner else "",
        "today": f"{clock.today():%Y-%m-%d}",
    }


def filled(text: str, words: dict[str, str]) -> str:
    """The letter to one customer."""
    return _BLANK.sub(lambda blank: words[blank.group(1)], text)
