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
from organisation.models.house_policy import PolicyAnswer, PolicyAttestation, PolicyVersion
from organisation.models.identity import ProviderIdentity
from organisation.models.link import SignInLink
from organisation.models.person import Person
from organisation.models.recovery import Recovery
from organisation.models.review import AccessReview, ReviewLine
from organisation.models.seal import AuditCheckpoint, AuditLeaf, CheckpointPlace
from organisation.models.session import PersonSession
from organisation.models.shared import SharedValue
from organisation.models.sign_in import FailedSignIn
from organisation.models.training import Certificate, PublishingGate, TrainingModule, TrainingSeat, TrainingSession
from organisation.models.unit import Unit

__all__ = [
    "AccessReview",
    "ApiKey",
    "AuditCheckpoint",
    "AuditEvent",
    "AuditLeaf",
    "Certificate",
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
    "PolicyAnswer",
    "PolicyAttestation",
    "PolicyVersion",
    "ProviderIdentity",
    "PublishingGate",
    "Recovery",
    "ReviewLine",
    "SharedValue",
    "SignInLink",
    "TrainingModule",
    "TrainingSeat",
    "TrainingSession",
    "Unit",
]
