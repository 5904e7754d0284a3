"""A new system sends nothing until somebody says go, and knows in which database it was born."""

from django.db import migrations


def freeze(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT (pg_control_system()).system_identifier::text, oid FROM pg_database"
            " WHERE datname = current_database()"
        )
        system, database = cursor.fetchone()
    apps.get_model("delivery", "Identity").objects.create(only=True, system=system, database=int(database))
    apps.get_model("delivery", "Hold").objects.create(scope="organisation", cause="new_system")


class Migration(migrations.Migration):
    dependencies = [("delivery", "0001_initial")]
    operations = [migrations.RunPython(freeze, migrations.RunPython.noop)]
