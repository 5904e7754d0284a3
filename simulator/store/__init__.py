"""What the training network remembers, in one SQLite file: one noun a module, every function takes the database first."""
