"""What is in line already learns whose word it is, so that a freeze of that unit stops it."""

from django.db import migrations

TELL = """
UPDATE delivery_delivery SET message_unit_id = publishing_post.unit_id
  FROM publishing_variant JOIN publishing_post ON publishing_post.id = publishing_variant.post_id
 WHERE publishing_variant.id = delivery_delivery.origin_id
   AND delivery_delivery.origin_kind = 'post_variant'
   AND delivery_delivery.state NOT IN ('published', 'cancelled')
"""


class Migration(migrations.Migration):
    dependencies = [("publishing", "0003_editors_of_drafts"), ("delivery", "0006_message_unit")]
    operations = [migrations.RunSQL(TELL, migrations.RunSQL.noop)]
