"""LinkedIn, for the pages of organisations, spoken over its REST API without a library: none may be redistributed."""
