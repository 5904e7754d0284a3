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
from organisation.forms.people import (
    GrantForm,
    InviteForm,
    PasswordForm,
    PeopleFilter,
    UnitChoice,
)
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
    "HoursForm",
    "HtmxRequest",
    "InviteForm",
    "MeantField",
    "OptionalReasonForm",
    "PasswordForm",
    "PeopleFilter",
    "PersonRequest",
    "ReasonForm",
    "UnitChoice",
    "UnitForm",
    "wants_part",
]
