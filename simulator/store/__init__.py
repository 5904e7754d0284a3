"""What the training network remembers, in one SQLite file: one noun a module."""
