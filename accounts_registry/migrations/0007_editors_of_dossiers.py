from django.conf import settings
from django.db import migrations, models


def remember(apps, schema_editor):
    """Who changed a dossier so far is told by the trail."""
    Dossier, Person = apps.get_model("accounts_registry", "JustificationDossier"), apps.get_model("organisation", "Person")
    Event = apps.get_model("organisation", "AuditEvent")
    dossiers = set(Dossier.objects.values_list("pk", flat=True))
    people = set(Person.objects.values_list("pk", flat=True))
    told = Event.objects.filter(
        noun="accounts_registry.justificationdossier", verb="dossier.changed", actor_id__isnull=False
    )
    found = {(int(dossier), actor) for dossier, actor in told.values_list("object_id", "actor_id")}
    through = Dossier.editors.through
    rows = [
        through(justificationdossier_id=dossier, person_id=person)
        for dossier, person in found
        if dossier in dossiers and person in people
    ]
    through.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts_registry", "0006_listening"),
        ("organisation", "0002_audit_is_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="justificationdossier",
            name="editors",
            field=models.ManyToManyField(
                related_name="edited_dossiers", to=settings.AUTH_USER_MODEL, verbose_name="editors"
            ),
        ),
        migrations.RunPython(remember, migrations.RunPython.noop),
    ]
