"""The filing standard: which fields a file must hold, how much each counts, and in which format (QUAL-14)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models.choices import Kind
from guanxi.customers.models.lists import LIVE, Channel
from guanxi.formats.codes import check_email, check_postcode, check_uscc, parse_phone
from guanxi.formats.values import BadValue
from guanxi.kernel.entities import entity
from guanxi.kernel.models import Record

ACCOUNT = "customers.account"


def check_mobile(text: str) -> str:
    phone = parse_phone(text)
    if phone.kind != "mobile":
        raise BadValue(_("This is not a mobile number."))
    return phone.digits


FORMATS: dict[str, Callable[[str], Any]] = {
    "phone": parse_phone, "mobile": check_mobile, "email": check_email, "uscc": check_uscc, "postcode": check_postcode,
}  # fmt: skip


def problem_of(item: Any, company: Any) -> str:
    """What is wrong with one line of a standard; empty if nothing."""
    if not isinstance(item, dict) or not item.get("field"):
        return _t("Each line names a field.")
    name, weight = str(item["field"]), item.get("weight", 1)
    known = {*entity(ACCOUNT).fields_for(company), *(relation.name for relation in entity(ACCOUNT).relations)}
    if name not in known:
        return _t("There is no field “%(name)s”.") % {"name": name}
    if not isinstance(weight, int) or not 1 <= weight <= 100:
        return _t("The weight of “%(name)s” is a whole number from 1 to 100.") % {"name": name}
    if item.get("format", "") not in ("", *FORMATS):
        return _t("There is no format “%(name)s”.") % {"name": item["format"]}
    return ""


class FilingStandard(Record):
    """What a file must hold (QUAL-14).  `fields` is a list of {"field", "weight", "required", "format"}.

    `field` is a field of the account or one of its relations (contacts, needs ...), which must then have a row.
    Without channel or kind it holds for all of them; the most specific standard applies.
    """

    name = models.CharField(_("name"), max_length=60)
    channel = models.ForeignKey(
        Channel,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("sales channel"),
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, blank=True)
    fields = models.JSONField(_("fields"), default=list)

    class Meta:
        verbose_name = _("filing standard")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "channel", "kind"], condition=LIVE, name="filingstandard_of_channel"
            ),
            models.UniqueConstraint(
                fields=["company", "kind"], condition=LIVE & Q(channel=None), name="filingstandard_default"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        items: Any = self.fields
        problems = (
            [problem_of(item, self.company) for item in items] if isinstance(items, list) else [_t("Give a list.")]
        )
        if found := [problem for problem in problems if problem]:
            raise ValidationError({"fields": found})
