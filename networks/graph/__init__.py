"""Meta's Graph API, as far as Facebook pages and Instagram share it."""
