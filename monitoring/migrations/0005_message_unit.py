"""What is in line already learns whose word it is, so that a freeze of that unit stops it.

An answer that has lost what it answers is left alone: a constraint refuses every change of it but its end, which its claim
brings.
"""

from django.db import migrations

TELL = """
UPDATE delivery_delivery SET message_unit_id = monitoring_conversation.unit_id
  FROM monitoring_answer JOIN monitoring_conversation ON monitoring_conversation.id = monitoring_answer.conversation_id
 WHERE monitoring_answer.id = delivery_delivery.origin_id
   AND delivery_delivery.origin_kind = 'answer'
   AND delivery_delivery.state NOT IN ('published', 'cancelled')
   AND (delivery_delivery.state NOT IN ('due', 'sending') OR delivery_delivery.content -> 'reply_to' ->> 'id' IS NOT NULL)
"""


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0004_audience"), ("delivery", "0006_message_unit")]
    operations = [migrations.RunSQL(TELL, migrations.RunSQL.noop)]
