"""A training network: an HTTP server on loopback that speaks real networks' own APIs over one small store.

For demonstrations, newcomers, crisis drills and tests. It knows no other room of the house, and nothing in it is public.
"""
