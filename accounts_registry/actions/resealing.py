from __future__ import annotations

import uuid

from django.utils.translation import gettext_lazy as _

from accounts_registry import vault
from accounts_registry.models import Credential
from organisation import audit
from organisation.audit import action

RESEALED = audit.tell("account.resealed", _("%(actor)s sealed a credential of this account with the present key"))


@action
def reseal(*, credential_id: uuid.UUID) -> bool:
    """Seals one credential with the present key; False when it is gone or already is. `vault.Broken` if it is shut."""
    found = Credential.objects.select_for_update(of=("self",)).select_related("account__unit")
    credential = found.filter(pk=credential_id).exclude(key_id=vault.current_key()).first()
    if credential is None:
        return False
    box = vault.seal(vault.unseal(credential.box, credential.row), credential.row)
    credential.ciphertext, credential.nonce, credential.key_id = box.ciphertext, box.nonce, box.key_id
    credential.save(update_fields=["ciphertext", "nonce", "key_id"])
    audit.record(verb=RESEALED, thing=credential.account, by=None, key=box.key_id)
    return True
