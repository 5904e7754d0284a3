"""The table of addresses (access.py), a module for each room: `ROWS` holds its pages and its part of the API."""
