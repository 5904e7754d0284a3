"""Roles and permissions that came, in what the database knows of them."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0006_events'),
        ('organisation', '0033_more_roles'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='notice',
            name='notice_sees_is_known',
        ),
        migrations.AlterField(
            model_name='notice',
            name='sees',
            field=models.CharField(choices=[('account.view', 'See accounts'), ('account.connect', 'Connect and disconnect accounts'), ('account.manage', 'Change, suspend and close accounts'), ('security.manage', 'Keep the security records of accounts'), ('sighting.report', 'Report wild accounts and impersonations'), ('sighting.manage', 'Follow up wild accounts and keep the abuse register'), ('dossier.view', 'See justification dossiers'), ('dossier.write', 'Write and submit justification dossiers'), ('dossier.advise', 'Advise on the security of dossiers'), ('dossier.check', 'Check that a dossier is complete'), ('dossier.vote', 'Vote on dossiers'), ('dossier.decide', "Record the committee's decision"), ('post.view', 'See posts and the calendar'), ('post.write', 'Draft posts'), ('post.approve', 'Approve posts of others'), ('post.schedule', 'Schedule, reconfirm and withdraw posts'), ('delivery.resolve', 'Decide on a message whose sending is uncertain'), ('mention.view', 'See mentions and conversations'), ('mention.assign', 'Assign and close conversations'), ('answer.write', 'Answer citizens'), ('watch.view', 'See watches'), ('watch.manage', 'Set up and end watches'), ('crisis.view', 'See playbooks and crises'), ('playbook.write', 'Write playbooks'), ('crisis.lead', 'Declare and lead a crisis'), ('hold.view', 'See freezes'), ('hold.place', 'Freeze publishing'), ('hold.lift', 'Lift a freeze'), ('policy.write', 'Write and publish the house policy'), ('policy.approve', 'Say what a unit thinks of the house policy'), ('training.view', 'See who took which training'), ('training.manage', 'Set up training and record who took it'), ('audit.view', 'Read the audit trail'), ('person.view', 'See people and their grants'), ('person.manage', 'Invite, suspend and give grants to people'), ('unit.manage', 'Change units'), ('admin.site', 'Use the technical administration')], max_length=40),
        ),
        AddConstraintNotValid(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('sees__in', ['account.view', 'account.connect', 'account.manage', 'security.manage', 'sighting.report', 'sighting.manage', 'dossier.view', 'dossier.write', 'dossier.advise', 'dossier.check', 'dossier.vote', 'dossier.decide', 'post.view', 'post.write', 'post.approve', 'post.schedule', 'delivery.resolve', 'mention.view', 'mention.assign', 'answer.write', 'watch.view', 'watch.manage', 'crisis.view', 'playbook.write', 'crisis.lead', 'hold.view', 'hold.place', 'hold.lift', 'policy.write', 'policy.approve', 'training.view', 'training.manage', 'audit.view', 'person.view', 'person.manage', 'unit.manage', 'admin.site'])), name='notice_sees_is_known'),
        ),
    ]
