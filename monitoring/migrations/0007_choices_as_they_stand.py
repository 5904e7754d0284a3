"""And for what was written before, where it stands by them."""

from django.db import migrations

from organisation.choices import validation


class Migration(migrations.Migration):
    atomic = False  # whoever reads and writes goes on meanwhile
    dependencies = [("monitoring", "0006_choices_are_known")]
    operations = [
        validation("monitoring_answer", ["answer_language_is_known"]),
        validation("monitoring_conversation", ["conversation_language_is_known", "conversation_state_is_known", "conversation_category_is_known"]),
        validation("monitoring_mention", ["mention_kind_is_known", "mention_audience_is_known"]),
        validation("monitoring_source", ["source_legal_basis_is_known", "source_state_is_known"]),
        validation("monitoring_stream", ["stream_kind_is_known"]),
        validation("monitoring_watch", ["watch_legal_basis_is_known", "watch_state_is_known"]),
    ]
