"""How long what is heard is kept, and for how long anybody may listen for it."""

from datetime import timedelta

RETENTION = timedelta(days=30)
LONGEST_WATCH = timedelta(days=366)
