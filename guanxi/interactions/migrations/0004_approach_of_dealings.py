"""What was agreed for the next time stands in a field of its own, no longer as the result of a visit; who asked back."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def move(apps: Any, _schema: Any) -> None:
    """Dealings written by visits kept it as their result."""
    rows = apps.get_model("interactions", "Interaction")._base_manager.filter(label="interactions.visit")
    rows.exclude(result="").update(approach=models.F("result"), result="")


def named(apps: Any, _schema: Any) -> None:
    """Whoever wrote down what the customer said has asked."""
    dealings = apps.get_model("interactions", "Interaction")._base_manager.filter(
        label="interactions.returnvisit", object_id=models.OuterRef("pk")
    )
    rows = apps.get_model("interactions", "ReturnVisit")._base_manager.filter(state="done", done_by=None)
    rows.update(done_by_id=models.Subquery(dealings.values("owner_id")[:1]))


class Migration(migrations.Migration):
    dependencies = [("interactions", "0003_opportunities"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField(
            "interaction",
            "approach",
            models.CharField(blank=True, max_length=400, verbose_name="service approach next time"),
        ),
        migrations.AddField(
            "returnvisit",
            "done_by",
            models.ForeignKey(
                blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL,
                related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="asked back by",
            ),  # fmt: skip
        ),
        migrations.RunPython(named, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(move, migrations.RunPython.noop, elidable=True),
    ]
