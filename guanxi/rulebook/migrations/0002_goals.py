from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import guanxi.kernel.clock
import guanxi.kernel.ids
import guanxi.kernel.models.base
import guanxi.rulebook.models.goals


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0002_links'),
        ('org', '0001_tables'),
        ('rulebook', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Goal',
            fields=[
                ('id', guanxi.kernel.models.base.IdField(default=guanxi.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(default=guanxi.kernel.clock.now, editable=False, verbose_name='created at')),
                ('updated_at', models.DateTimeField(default=guanxi.kernel.clock.now, editable=False, verbose_name='changed at')),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='deleted at')),
                ('extra', models.JSONField(blank=True, default=dict, editable=False)),
                ('year', models.PositiveSmallIntegerField(default=guanxi.rulebook.models.goals.this_year, validators=[django.core.validators.MinValueValidator(2000), django.core.validators.MaxValueValidator(2100)], verbose_name='year')),
                ('indicator', models.CharField(choices=[('observed', 'Rate of observance'), ('read', 'Publications read and passed in time'), ('satisfied', 'Return visits with satisfaction 4 or 5'), ('solved', 'Service requests solved in time')], default='observed', max_length=9, verbose_name='indicator')),
                ('at_least', models.DecimalField(decimal_places=1, default=Decimal('90'), max_digits=4, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='at least (%)')),
                ('plan', models.TextField(blank=True, help_text='What is done to reach it, by when, who takes part.', max_length=2000, verbose_name='plan')),
                ('company', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.company')),
                ('created_by', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='org.department', verbose_name='responsible department')),
                ('regulation', models.ForeignKey(blank=True, help_text='Empty: customer management as a whole.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='goals', to='rulebook.regulation', verbose_name='regulation')),
            ],
            options={
                'verbose_name': 'annual goal',
                'constraints': [models.UniqueConstraint(condition=models.Q(('deleted_at', None)), fields=('company', 'year', 'indicator', 'regulation'), name='goal_of_regulation', violation_error_message='There is a goal for this already.'), models.UniqueConstraint(condition=models.Q(('deleted_at', None), ('regulation', None)), fields=('company', 'year', 'indicator'), name='goal_of_all', violation_error_message='There is a goal for this already.')],
            },
        ),
    ]
