"""Pages of the registry."""

from accounts_registry.views.accounts import account_act, account_connect, account_detail, account_list
from accounts_registry.views.dossiers import (
    dossier_act,
    dossier_decide,
    dossier_detail,
    dossier_edit,
    dossier_list,
    dossier_new,
    dossier_vote,
)

__all__ = [
    "account_act",
    "account_connect",
    "account_detail",
    "account_list",
    "dossier_act",
    "dossier_decide",
    "dossier_detail",
    "dossier_edit",
    "dossier_list",
    "dossier_new",
    "dossier_vote",
]
