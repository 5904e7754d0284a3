"""What entries are found by; empty until the next migration fills it."""

from django.contrib.postgres.search import SearchVectorField
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0014_mention_newest")]

    operations = [migrations.AddField("entry", "words", SearchVectorField(null=True))]
