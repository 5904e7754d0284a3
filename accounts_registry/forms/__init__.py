"""Forms of the registry."""

from accounts_registry.forms.accounts import ConnectForm, RegistryFilter
from accounts_registry.forms.committee import DecisionForm, VoteForm
from accounts_registry.forms.dossiers import STEPS, DossierFilter, DossierStepForm

__all__ = [
    "STEPS",
    "ConnectForm",
    "DecisionForm",
    "DossierFilter",
    "DossierStepForm",
    "RegistryFilter",
    "VoteForm",
]
