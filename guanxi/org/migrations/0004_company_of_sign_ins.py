"""Sign-ins that were kept before belong to the company of their person."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def adopt(apps, schema_editor):
    SignIn, User = apps.get_model("org", "SignIn"), apps.get_model("org", "User")
    company = User.objects.filter(pk=OuterRef("user_id")).values("company_id")[:1]
    SignIn.objects.filter(user__isnull=False, company=None).update(company_id=Subquery(company))


class Migration(migrations.Migration):

    dependencies = [("org", "0003_sign_ins_as_records")]

    operations = [migrations.RunPython(adopt, migrations.RunPython.noop)]
