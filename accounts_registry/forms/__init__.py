"""Forms of the registry."""

from accounts_registry.forms.accounts import ConnectForm, ConsentForm, RegistryFilter, ThirdPartyAppForm
from accounts_registry.forms.advice import AdviceForm
from accounts_registry.forms.closing import ArchiveForm, CloseForm, ExitStepBackForm, ExitStepForm
from accounts_registry.forms.comments import CommentForm
from accounts_registry.forms.committee import DecisionForm, VoteForm
from accounts_registry.forms.consulting import ConsultForm, OpinionForm
from accounts_registry.forms.dossier_file import DossierFileForm
from accounts_registry.forms.dossiers import STEPS, DossierFilter, DossierStepForm
from accounts_registry.forms.life import EditionForm, FactsForm, HandOverForm, LifeForm, RenewForm
from accounts_registry.forms.requests import RequestForm

__all__ = [
    "STEPS",
    "AdviceForm",
    "ArchiveForm",
    "CloseForm",
    "CommentForm",
    "ConnectForm",
    "ConsentForm",
    "ConsultForm",
    "DecisionForm",
    "DossierFileForm",
    "DossierFilter",
    "DossierStepForm",
    "EditionForm",
    "ExitStepBackForm",
    "ExitStepForm",
    "FactsForm",
    "HandOverForm",
    "LifeForm",
    "OpinionForm",
    "RegistryFilter",
    "RenewForm",
    "RequestForm",
    "ThirdPartyAppForm",
    "VoteForm",
]
