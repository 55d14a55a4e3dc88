"""Accounts and contacts take part in duplicate protection; the queue of pairs and the list of merges."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.duplicates.kinds import Kind, each, register
from guanxi.duplicates.services import guard, keys  # noqa: F401 -- register sealer, job and judge
from guanxi.org.queries import FURTHER


@each
def name_rights(kind: Kind) -> None:
    """The rights that the check and the merging ask for, as the rights of this entity."""
    for right, words in (("override", _("Save against the duplicate check")), ("merge", _("Merge files"))):
        _words, labels = FURTHER.get(right, (words, ()))
        FURTHER[right] = (words, (*labels, kind.label))


register(
    Kind(
        "customers.account",
        companies=("name", "short_name", "former_names"),
        phones=("phone",),
        code="credit_code",
        region="region_code",
        person=("kind", "person"),
    )
)
register(Kind("customers.contact", people=("name",), phones=("mobile", "phone"), inside="account"))
