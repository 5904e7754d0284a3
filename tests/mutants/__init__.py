"""`make mutants`: the core modules are broken line by line, in memory alone, and each break must fail a test."""
