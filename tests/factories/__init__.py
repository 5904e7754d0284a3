"""Makers of things for tests; one module a room."""
