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
from organisation.forms.leaving import LeavingForm
from organisation.forms.people import (
    GrantForm,
    GroupRuleForm,
    InviteForm,
    PasswordForm,
    PeopleFilter,
    UnitChoice,
)
from organisation.forms.reviews import LineFilter, ReviewForm
from organisation.forms.trail import AuditFilter
from organisation.forms.units import (
    ClosureForm,
    HoursForm,
    UnitForm,
)

__all__ = [
    "ActionForm",
    "AuditFilter",
    "ClosureForm",
    "FilterForm",
    "GrantForm",
    "GroupRuleForm",
    "HoursForm",
    "HtmxRequest",
    "InviteForm",
    "LeavingForm",
    "LineFilter",
    "MeantField",
    "OptionalReasonForm",
    "PasswordForm",
    "PeopleFilter",
    "PersonRequest",
    "ReasonForm",
    "ReviewForm",
    "UnitChoice",
    "UnitForm",
    "wants_part",
]
