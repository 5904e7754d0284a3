from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def remember(apps, schema_editor):
    """Who approved a post that is planned knows that time, so that a later move is told to them."""
    Approval, Post = apps.get_model("publishing", "Approval"), apps.get_model("publishing", "Post")
    planned = Post.objects.filter(pk=OuterRef("post")).values("due_at")
    Approval.objects.filter(void_at__isnull=True).update(planned_for=Subquery(planned))


class Migration(migrations.Migration):
    dependencies = [("publishing", "0004_message_unit")]
    operations = [
        migrations.AddField(
            model_name="approval",
            name="planned_for",
            field=models.DateTimeField(null=True, verbose_name="planned for, as the approver knows"),
        ),
        migrations.AlterField(
            model_name="approval",
            name="void_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("edited", "The content was edited afterwards."),
                    ("withdrawn", "The post was withdrawn."),
                    ("approver_left", "Whoever approved it may no longer approve."),
                    ("moved", "The planned time was moved by somebody who may not schedule."),
                ],
                max_length=20,
                verbose_name="why it is void",
            ),
        ),
        migrations.RunPython(remember, migrations.RunPython.noop),
    ]
