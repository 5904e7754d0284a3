"""What posts are found by; the next migration fills it."""

from django.contrib.postgres.search import SearchVectorField
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("publishing", "0013_post_by_state")]

    operations = [migrations.AddField("post", "words", SearchVectorField(blank=True, editable=False, null=True))]
