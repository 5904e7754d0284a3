"""Plain web pages, as sources to watch."""
