from django.db import migrations

CLOSED = ("rejected", "withdrawn")


def remember(apps, schema_editor):
    """Who attached a file, or wrote what no account said yet, was no editor before. They are told by the file and the trail."""
    Post, Person = apps.get_model("publishing", "Post"), apps.get_model("organisation", "Person")
    Media, Event = apps.get_model("publishing", "Media"), apps.get_model("organisation", "AuditEvent")
    open_posts = set(Post.objects.exclude(state__in=CLOSED).values_list("pk", flat=True))
    people = set(Person.objects.values_list("pk", flat=True))
    found = set(Media.objects.values_list("post_id", "uploaded_by_id"))
    told = Event.objects.filter(noun="publishing.post", verb="post.described", actor_id__isnull=False)
    found |= {(int(post), actor) for post, actor in told.values_list("object_id", "actor_id")}
    through = Post.editors.through
    rows = [
        through(post_id=post, person_id=person) for post, person in found if post in open_posts and person in people
    ]
    through.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0002_films_captions_and_titles"),
        ("organisation", "0002_audit_is_append_only"),
    ]
    operations = [migrations.RunPython(remember, migrations.RunPython.noop)]
