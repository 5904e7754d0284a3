"""Secrets of second factors that lay in the clear are sealed for their person."""

from django.db import migrations

from organisation import factor_secrets

SECRETS = ("secret", "seed")


def seal(apps, schema_editor):
    factors = apps.get_model("mfa", "Authenticator").objects.filter(type__in=["totp", "recovery_codes"])
    for factor in factors.iterator():
        for name in SECRETS:
            if name in factor.data:
                factor.data[name] = factor_secrets.seal(factor.data[name], factor.user_id)
        if "migrated_codes" in factor.data:
            codes = factor.data["migrated_codes"]
            factor.data["migrated_codes"] = [factor_secrets.seal(code, factor.user_id) for code in codes]
        factor.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [("organisation", "0005_audit_is_sealed"), ("mfa", "0003_authenticator_type_uniq")]
    operations = [migrations.RunPython(seal, migrations.RunPython.noop)]
