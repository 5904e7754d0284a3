"""How fast it is, as ratios against a limit that is measured in the same run. `make bench` runs all of it.

Each module measures one path and gives `Figure`s; nothing here asserts a time, and no test does. Results, with machine,
versions and date, are written to docs/benchmarks.md.
"""
