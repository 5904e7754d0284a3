from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("publishing", "0010_requests_of_approval")]
    operations = [
        migrations.DeleteModel(name="Approval"),
        migrations.DeleteModel(name="Submission"),
    ]
