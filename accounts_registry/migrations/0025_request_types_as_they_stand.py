"""Every dossier so far asks for a new account: what is asked for holds for all of them."""

from django.db import migrations

from organisation.choices import validation


class Migration(migrations.Migration):
    atomic = False  # whoever reads and writes goes on meanwhile
    dependencies = [("accounts_registry", "0024_whole_questionnaire")]
    operations = [
        validation("accounts_registry_justificationdossier", ["justificationdossier_request_type_is_known"]),
    ]
