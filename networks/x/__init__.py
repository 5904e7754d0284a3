"""X, over the version 2 of its API."""
