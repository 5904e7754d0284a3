"""And for the accounts that were there before."""

from django.db import migrations

from organisation.choices import validation


class Migration(migrations.Migration):
    atomic = False  # whoever reads and writes goes on meanwhile
    dependencies = [("accounts_registry", "0018_life_of_an_account")]
    operations = [
        validation(
            "accounts_registry_account",
            ["account_maturity_is_known", "account_term_is_known", "account_term_has_an_end"],
        ),
    ]
