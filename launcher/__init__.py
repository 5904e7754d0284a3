"""Starts Parvis on one machine with nothing installed by hand: for evaluation, development and tests.

Stands outside the house: nobody imports it but the tests' environment, and it knows Parvis only by its commands. Until
the virtual environment stands it lives on Python's standard library alone. Production does not use it
(docs/production.md).
"""
