"""Forms parse, and hand over to an action; what the action refuses comes back to the field."""

from organisation.forms.base import (
    ActionForm,
    FilterForm,
    HtmxRequest,
    MeantField,
    OptionalReasonForm,
    PersonRequest,
    ReasonForm,
    wants_part,
)
from organisation.forms.delegating import DelegationWriting
from organisation.forms.governing import ABOVE, GovernanceForm, ModelChoice
from organisation.forms.leaving import LeavingForm
from organisation.forms.moving import MoveUnitForm, PlaceChoice, places_for
from organisation.forms.people import (
    GrantForm,
    GroupRuleForm,
    InviteForm,
    MoveForm,
    PasswordForm,
    PeopleFilter,
    UnitChoice,
)
from organisation.forms.replacing import AdvanceForm, ProlongForm
from organisation.forms.reviews import LineFilter, ReviewForm
from organisation.forms.trail import AuditFilter
from organisation.forms.units import (
    ClosureForm,
    HoursForm,
    UnitForm,
)

__all__ = [
    "ABOVE",
    "ActionForm",
    "AdvanceForm",
    "AuditFilter",
    "ClosureForm",
    "DelegationWriting",
    "FilterForm",
    "GovernanceForm",
    "GrantForm",
    "GroupRuleForm",
    "HoursForm",
    "HtmxRequest",
    "InviteForm",
    "LeavingForm",
    "LineFilter",
    "MeantField",
    "ModelChoice",
    "MoveForm",
    "MoveUnitForm",
    "OptionalReasonForm",
    "PasswordForm",
    "PeopleFilter",
    "PersonRequest",
    "PlaceChoice",
    "ProlongForm",
    "ReasonForm",
    "ReviewForm",
    "UnitChoice",
    "UnitForm",
    "places_for",
    "wants_part",
]
