"""The committee is asked about accounts that stand: to rename, hand over, merge or close them.

The tables of dossiers and accounts are small: what they hold is looked at here. The program before goes on writing.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from organisation.choices import validation

CHECKED = [
    "justificationdossier_request_type_is_known",
    "dossier_is_complete",
    "dossier_is_about_an_account",
    "dossier_request_is_complete",
    "dossier_merges_into_another",
]


class Migration(migrations.Migration):

    dependencies = [
        ('accounts_registry', '0044_consultations'),
        ('organisation', '0034_more_roles_as_they_stand'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='justificationdossier',
            name='dossier_is_complete',
        ),
        migrations.RemoveConstraint(
            model_name='justificationdossier',
            name='justificationdossier_request_type_is_known',
        ),
        migrations.AddField(
            model_name='account',
            name='expected_handle',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=150, verbose_name='name that was approved since'),
        ),
        migrations.AddField(
            model_name='account',
            name='former_handles',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=150), blank=True, db_default=[], default=list, editable=False, size=None, verbose_name='names that it bore before'),
        ),
        migrations.AddField(
            model_name='justificationdossier',
            name='about',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='accounts_registry.account', verbose_name='account that it is about'),
        ),
        migrations.AddField(
            model_name='justificationdossier',
            name='successor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts_registry.account', verbose_name='account into which it is merged'),
        ),
        migrations.AlterField(
            model_name='justificationdossier',
            name='request_type',
            field=models.CharField(choices=[('new', 'Open a new account'), ('regularise_unregistered', 'Regularise an account that stands in no registry'), ('rename', 'Give an account another name'), ('change_owner', 'Give an account to other holders'), ('merge', 'Merge an account into another'), ('close', 'Close an account')], db_default='new', default='new', max_length=30, verbose_name='what is asked for'),
        ),
        AddConstraintNotValid(
            model_name='justificationdossier',
            constraint=models.CheckConstraint(condition=models.Q(('request_type__in', ['new', 'regularise_unregistered', 'rename', 'change_owner', 'merge', 'close'])), name='justificationdossier_request_type_is_known'),
        ),
        AddConstraintNotValid(
            model_name='justificationdossier',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'returned', 'withdrawn']), ('about__isnull', False), models.Q(models.Q(('account_kind', ''), _negated=True), models.Q(('proposed_handle', ''), _negated=True), models.Q(('languages', []), _negated=True), models.Q(('objective', ''), _negated=True), models.Q(('audiences', []), _negated=True), models.Q(('why_not_existing', ''), _negated=True), ('backup_holder__isnull', False), ('owner__isnull', False), ('review_on__isnull', False)), _connector='OR'), name='dossier_is_complete'),
        ),
        AddConstraintNotValid(
            model_name='justificationdossier',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('about__isnull', True), ('request_type__in', ('new', 'regularise_unregistered')), ('successor__isnull', True)), models.Q(models.Q(('request_type__in', ('new', 'regularise_unregistered')), _negated=True), ('about__isnull', False)), _connector='OR'), name='dossier_is_about_an_account'),
        ),
        AddConstraintNotValid(
            model_name='justificationdossier',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'returned', 'withdrawn']), models.Q(models.Q(models.Q(('request_type', 'rename'), _negated=True), models.Q(('proposed_handle', ''), _negated=True), _connector='OR'), models.Q(models.Q(('request_type', 'change_owner'), _negated=True), models.Q(('backup_holder__isnull', False), ('owner__isnull', False)), _connector='OR'), models.Q(models.Q(('request_type', 'merge'), _negated=True), ('successor__isnull', False), _connector='OR')), _connector='OR'), name='dossier_request_is_complete'),
        ),
        AddConstraintNotValid(
            model_name='justificationdossier',
            constraint=models.CheckConstraint(condition=models.Q(('successor__isnull', True), models.Q(('successor', models.F('about')), _negated=True), _connector='OR'), name='dossier_merges_into_another'),
        ),
        migrations.AddConstraint(
            model_name='justificationdossier',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'returned', 'in_review', 'deferred'])), fields=('about', 'request_type'), name='one_open_request_a_kind'),
        ),
        validation("accounts_registry_justificationdossier", CHECKED),
    ]
