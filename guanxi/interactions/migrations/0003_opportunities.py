"""Dealings and visits name the opportunity they help along; what was said about one before is told by its record."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def name_them(apps: Any, _schema: Any) -> None:
    """Follow-ups of opportunities that are still there."""
    interactions = apps.get_model("interactions", "Interaction")._base_manager
    known = apps.get_model("deals", "Opportunity")._base_manager.values("pk")
    rows = interactions.filter(label="deals.opportunity", object_id__in=known)
    rows.update(opportunity_id=models.F("object_id"))


class Migration(migrations.Migration):
    dependencies = [("interactions", "0002_service_lines"), ("deals", "0001_initial")]

    operations = [
        *(
            migrations.AddField(
                model,
                "opportunity",
                models.ForeignKey(
                    blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+",
                    to="deals.opportunity", verbose_name="opportunity",
                ),  # fmt: skip
            )
            for model in ("interaction", "visit")
        ),
        migrations.AddIndex(
            "interaction",
            models.Index(
                fields=["opportunity", "at"], condition=models.Q(opportunity__isnull=False),
                name="interaction_of_opportunity",
            ),  # fmt: skip
        ),
        migrations.RunPython(name_them, migrations.RunPython.noop, elidable=True),
    ]
