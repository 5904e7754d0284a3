"""Pages of the machinery that sends: what is uncertain, what did not go out, what is frozen."""
