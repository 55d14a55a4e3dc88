"""Keys: derived from names, phones and codes in the same transaction, so that a look-up is one index probe."""

from __future__ import annotations

from django.db import models

from guanxi.kernel.ids import new_id
from guanxi.kernel.models import Company
from guanxi.kernel.models.base import IdField


class DupKey(models.Model):
    """One key of one live file; `key` is a number made of company, kind and text (see likeness.keys)."""

    id = IdField(primary_key=True, default=new_id)
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=1)
    key = models.BigIntegerField()
    label = models.CharField(max_length=60)
    object_id = models.BigIntegerField()

    class Meta:
        verbose_name = "key"
        indexes = [
            models.Index(fields=["company", "key", "label", "object_id"], name="dupkey_key"),
            models.Index(fields=["object_id"], name="dupkey_object"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}{self.key}"
