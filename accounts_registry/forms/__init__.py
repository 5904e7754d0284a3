"""Forms of the registry."""

from accounts_registry.forms.accounts import ConnectForm, ConsentForm, RegistryFilter, ThirdPartyAppForm
from accounts_registry.forms.committee import DecisionForm, VoteForm
from accounts_registry.forms.dossiers import STEPS, DossierFilter, DossierStepForm

__all__ = [
    "STEPS",
    "ConnectForm",
    "ConsentForm",
    "DecisionForm",
    "DossierFilter",
    "DossierStepForm",
    "RegistryFilter",
    "ThirdPartyAppForm",
    "VoteForm",
]
