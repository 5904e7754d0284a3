"""Posts with a variant an account and language, approval of the exact text, the schedule and the calendar."""
