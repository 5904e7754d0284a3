"""Nouns of the ground floor."""

from organisation.models.api_key import ApiKey
from organisation.models.audit import AuditEvent, Fact
from organisation.models.claimable import Claimable
from organisation.models.closure import Closure
from organisation.models.delegation import Delegation
from organisation.models.forgotten import ForgottenPassword
from organisation.models.form_page import FormPage
from organisation.models.grant import Grant
from organisation.models.group_rule import GroupRule
from organisation.models.identity import ProviderIdentity
from organisation.models.link import SignInLink
from organisation.models.person import Person
from organisation.models.recovery import Recovery
from organisation.models.review import AccessReview, ReviewLine
from organisation.models.seal import AuditCheckpoint, AuditLeaf, CheckpointPlace
from organisation.models.session import PersonSession
from organisation.models.shared import SharedValue
from organisation.models.sign_in import FailedSignIn
from organisation.models.unit import Unit

__all__ = [
    "AccessReview",
    "ApiKey",
    "AuditCheckpoint",
    "AuditEvent",
    "AuditLeaf",
    "CheckpointPlace",
    "Claimable",
    "Closure",
    "Delegation",
    "Fact",
    "FailedSignIn",
    "ForgottenPassword",
    "FormPage",
    "Grant",
    "GroupRule",
    "Person",
    "PersonSession",
    "ProviderIdentity",
    "Recovery",
    "ReviewLine",
    "SharedValue",
    "SignInLink",
    "Unit",
]
