"""Gives every box its data key: until now the master key sealed the secrets themselves.

A box that does not open (its key is gone) stays as it is, and goes on not opening.
"""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import migrations


def keys():
    found = {}
    for entry in settings.VAULT_KEYS.split(","):
        key_id, _, encoded = entry.strip().partition(":")
        found[key_id] = base64.b64decode(encoded)
    return found


def envelop(apps, schema_editor):
    masters = keys()
    for one in apps.get_model("accounts_registry", "Credential").objects.filter(wrapped_key=b"").iterator():
        name, identifier = one.name.encode(), str(one.id).encode()
        old = b"credential:%d:%s:%s" % (one.account_id, name, identifier)
        new = b"credential:%d:%s:%s:%s" % (one.account_id, one.purpose.encode(), name, identifier)
        if one.key_id not in masters:
            continue
        master = AESGCM(masters[one.key_id])
        try:
            secret = master.decrypt(bytes(one.nonce), bytes(one.ciphertext), old)
        except InvalidTag:
            continue
        data_key, nonce, wrapping = AESGCM.generate_key(256), os.urandom(12), os.urandom(12)
        one.ciphertext, one.nonce = AESGCM(data_key).encrypt(nonce, secret, new), nonce
        one.wrapped_key = wrapping + master.encrypt(wrapping, data_key, b"key of " + new)
        one.save(update_fields=["ciphertext", "nonce", "wrapped_key"])


class Migration(migrations.Migration):
    dependencies = [("accounts_registry", "0002_connecting")]
    operations = [migrations.RunPython(envelop, migrations.RunPython.noop)]
