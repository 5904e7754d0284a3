"""Ground floor: units, people, roles and grants, the working calendar, the audit trail, and how a state changes."""
