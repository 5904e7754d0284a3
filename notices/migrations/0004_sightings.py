"""Two permissions more, by which somebody may see a notice."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0003_webhooks'),
        ('organisation', '0024_leaves_have_a_place'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='notice',
            name='notice_sees_is_known',
        ),
        migrations.AlterField(
            model_name='notice',
            name='sees',
            field=models.CharField(choices=[('account.view', 'See accounts'), ('account.connect', 'Connect and disconnect accounts'), ('account.manage', 'Change, suspend and close accounts'), ('sighting.report', 'Report wild accounts and impersonations'), ('sighting.manage', 'Follow up wild accounts and keep the abuse register'), ('dossier.view', 'See justification dossiers'), ('dossier.write', 'Write and submit justification dossiers'), ('dossier.check', 'Check that a dossier is complete'), ('dossier.vote', 'Vote on dossiers'), ('dossier.decide', "Record the committee's decision"), ('post.view', 'See posts and the calendar'), ('post.write', 'Draft posts'), ('post.approve', 'Approve posts of others'), ('post.schedule', 'Schedule, reconfirm and withdraw posts'), ('delivery.resolve', 'Decide on a message whose sending is uncertain'), ('mention.view', 'See mentions and conversations'), ('mention.assign', 'Assign and close conversations'), ('answer.write', 'Answer citizens'), ('watch.view', 'See watches'), ('watch.manage', 'Set up and end watches'), ('crisis.view', 'See playbooks and crises'), ('playbook.write', 'Write playbooks'), ('crisis.lead', 'Declare and lead a crisis'), ('hold.view', 'See freezes'), ('hold.place', 'Freeze publishing'), ('hold.lift', 'Lift a freeze'), ('audit.view', 'Read the audit trail'), ('person.view', 'See people and their grants'), ('person.manage', 'Invite, suspend and give grants to people'), ('unit.manage', 'Change units'), ('admin.site', 'Use the technical administration')], max_length=40),
        ),
        AddConstraintNotValid(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('sees__in', ['account.view', 'account.connect', 'account.manage', 'sighting.report', 'sighting.manage', 'dossier.view', 'dossier.write', 'dossier.check', 'dossier.vote', 'dossier.decide', 'post.view', 'post.write', 'post.approve', 'post.schedule', 'delivery.resolve', 'mention.view', 'mention.assign', 'answer.write', 'watch.view', 'watch.manage', 'crisis.view', 'playbook.write', 'crisis.lead', 'hold.view', 'hold.place', 'hold.lift', 'audit.view', 'person.view', 'person.manage', 'unit.manage', 'admin.site'])), name='notice_sees_is_known'),
        ),
    ]
