"""And for what was written before, where it stands by them."""

from django.db import migrations

from organisation.choices import validation


class Migration(migrations.Migration):
    atomic = False  # whoever reads and writes goes on meanwhile
    dependencies = [("accounts_registry", "0012_choices_are_known")]
    operations = [
        validation("accounts_registry_access", ["access_purpose_is_known"]),
        validation("accounts_registry_account", ["account_kind_is_known", "account_audiences_is_known", "account_languages_is_known", "account_state_is_known", "account_connection_state_is_known"]),
        validation("accounts_registry_credential", ["credential_purpose_is_known"]),
        validation("accounts_registry_decision", ["decision_outcome_is_known"]),
        validation("accounts_registry_justificationdossier", ["justificationdossier_account_kind_is_known", "justificationdossier_audiences_is_known", "justificationdossier_languages_is_known", "justificationdossier_state_is_known"]),
        validation("accounts_registry_pendingconsent", ["pendingconsent_purpose_is_known"]),
        validation("accounts_registry_spending", ["spending_what_is_known"]),
        validation("accounts_registry_vote", ["vote_choice_is_known"]),
    ]
