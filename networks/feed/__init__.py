"""RSS and Atom feeds, as sources to watch."""
