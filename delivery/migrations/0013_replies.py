"""A reply says so itself, whatever kind of message it is; and a kind is whatever a room registers."""

from django.db import migrations, models

import delivery.origins


class Migration(migrations.Migration):

    dependencies = [("delivery", "0012_choices_as_they_stand")]
    operations = [
        migrations.RemoveConstraint(model_name="delivery", name="delivery_origin_kind_is_known"),
        migrations.RemoveConstraint(model_name="delivery", name="answer_knows_what_it_answers"),
        migrations.AddField(
            model_name="delivery", name="is_reply", field=models.BooleanField(db_default=False, default=False)
        ),
        migrations.AlterField(
            model_name="delivery",
            name="origin_kind",
            field=models.CharField(choices=delivery.origins.kind_choices, max_length=20),
        ),
    ]
