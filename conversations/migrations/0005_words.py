"""What messages and answers are found by; empty until the next migration fills it."""

from django.contrib.postgres.search import SearchVectorField
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("conversations", "0004_conversation_units")]

    operations = [
        migrations.AddField("inboundmessage", "words", SearchVectorField(null=True)),
        migrations.AddField("answer", "words", SearchVectorField(null=True)),
    ]
