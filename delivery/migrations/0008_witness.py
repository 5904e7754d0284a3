"""What this database has counted, for the witness outside it. A database from before has met none: it asks a person."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("delivery", "0007_answers_know_their_parent")]
    operations = [
        migrations.RemoveField("identity", "system"),
        migrations.RemoveField("identity", "database"),
        migrations.AddField("identity", "number", models.BigIntegerField(default=0, db_default=0)),
        migrations.AddField("identity", "token", models.CharField(default="", db_default="", max_length=32)),
        migrations.AddField("identity", "before", models.CharField(default="", db_default="", max_length=32)),
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("token", models.CharField(max_length=32)),
            ],
        ),
        migrations.AddField("attempt", "claim", models.BigIntegerField(null=True)),
        migrations.AddConstraint(
            "attempt", models.UniqueConstraint(fields=["claim"], name="one_attempt_a_claim")
        ),
        migrations.AlterField(
            "hold", "cause", models.CharField(choices=[("person", ""), ("new_system", "This Parvis is new. It sends nothing until somebody says go."), ("restored", "This is a copy or a restored backup. It sends nothing until somebody says go."), ("lost", "The witness outside the database is missing or too old. Parvis sends nothing until somebody says go."), ("unwitnessed", "Parvis now has a witness outside its database. Once, it sends nothing until somebody says go."), ("away", "The witness outside the database cannot be reached. Parvis goes on by itself once it can.")], default="person", max_length=12)
        ),
        migrations.RemoveConstraint("hold", "one_hold_of_a_restored_system"),
        migrations.AddConstraint(
            "hold",
            models.UniqueConstraint(
                fields=["cause"],
                condition=Q(cause__in=["restored", "lost", "unwitnessed", "away"], lifted_at__isnull=True),
                name="one_hold_a_cause_of_its_own",
            ),
        ),
    ]
