import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    # A database that has all of these owes nothing.
    replaces = [
        ("interactions", "0001_initial"),
        ("interactions", "0002_service_lines"),
        ("interactions", "0003_opportunities"),
        ("interactions", "0004_approach_of_dealings"),
    ]

    initial = True

    dependencies = [
        ("deals", "0001_tables"),
        ("interactions", "0001_tables"),
    ]

    operations = [
        migrations.AddField(
            model_name="Interaction",
            name="opportunity",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="deals.opportunity",
                verbose_name="opportunity",
            ),
        ),
        migrations.AddIndex(
            model_name="Interaction",
            index=models.Index(
                condition=models.Q(("opportunity__isnull", False)),
                fields=["opportunity", "at"],
                name="interaction_of_opportunity",
            ),
        ),
        migrations.AddField(
            model_name="Visit",
            name="opportunity",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="deals.opportunity",
                verbose_name="opportunity",
            ),
        ),
    ]
