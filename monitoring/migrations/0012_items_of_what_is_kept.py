"""The items of all that is kept. What several accounts heard, or several units read, becomes one: as it was seen last by
whoever still sees it there, and for no more people than anybody was told."""

from django.db import migrations

# Bluesky's ids mean the same on every server.
SERVER = "CASE WHEN account.network = 'bluesky' THEN '' ELSE account.base_url END"

ITEMS = f"""
INSERT INTO monitoring_item (network, server, remote_id, cid, url, title, text, language, audience, warning, attachments, choices,
                             parent_id, root_id, root_url, root_cid, sent_at, received_at, edited_at)
SELECT DISTINCT ON (mention.remote_id, account.network, {SERVER})
       account.network, {SERVER}, mention.remote_id,
       mention.cid, mention.url, '', mention.text, mention.language, mention.audience, mention.warning, mention.attachments,
       mention.choices, mention.parent_id, mention.root_id, mention.root_url, mention.root_cid, mention.sent_at,
       mention.received_at, mention.edited_at
  FROM monitoring_mention AS mention JOIN accounts_registry_account AS account ON account.id = mention.account_id
 ORDER BY mention.remote_id, account.network, {SERVER}, mention.gone_at IS NOT NULL,
          COALESCE(mention.edited_at, mention.received_at) DESC, mention.id;

UPDATE monitoring_mention SET item_id = item.id
  FROM monitoring_item AS item, accounts_registry_account AS account
 WHERE account.id = monitoring_mention.account_id AND item.remote_id = monitoring_mention.remote_id
   AND item.network = account.network AND item.server = {SERVER};

UPDATE monitoring_item SET audience = narrowest.audience
  FROM (SELECT DISTINCT ON (item_id) item_id, audience FROM monitoring_mention WHERE audience <> ''
         ORDER BY item_id, array_position(ARRAY['direct', 'followers', 'unlisted', 'public'], audience::text)) AS narrowest
 WHERE narrowest.item_id = monitoring_item.id;
"""
ENTRIES = """
INSERT INTO monitoring_item (network, server, remote_id, cid, url, title, text, language, audience, warning, attachments, choices,
                             parent_id, root_id, root_url, root_cid, sent_at, received_at, edited_at)
SELECT DISTINCT ON (entry.remote_id, source.network, source.url)
       source.network, source.url, entry.remote_id, '', entry.url, entry.title, entry.text, entry.language, '', '', '[]', '[]',
       '', '', '', '', entry.published_at, entry.first_seen_at, entry.changed_at
  FROM monitoring_entry AS entry JOIN monitoring_source AS source ON source.id = entry.source_id
 ORDER BY entry.remote_id, source.network, source.url, COALESCE(entry.changed_at, entry.first_seen_at) DESC, entry.id;

UPDATE monitoring_entry SET item_id = item.id
  FROM monitoring_item AS item, monitoring_source AS source
 WHERE source.id = monitoring_entry.source_id AND item.remote_id = monitoring_entry.remote_id
   AND item.network = source.network AND item.server = source.url;
"""


class Migration(migrations.Migration):
    dependencies = [('accounts_registry', '0014_app_owner'), ('monitoring', '0011_item')]

    operations = [migrations.RunSQL(ITEMS), migrations.RunSQL(ENTRIES)]
