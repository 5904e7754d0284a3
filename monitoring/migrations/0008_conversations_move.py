"""A message no longer knows its conversation: `conversations` has moved the tables, and knows what is in which."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [('conversations', '0001_initial'), ('monitoring', '0007_choices_as_they_stand')]

    operations = [
        migrations.RemoveIndex(model_name='mention', name='mention_thread'),
        migrations.RemoveField(model_name='mention', name='conversation'),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name='Answer'), migrations.DeleteModel(name='Conversation')]
        ),
    ]
