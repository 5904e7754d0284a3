"""A training network: an HTTP server that speaks real networks' own APIs over one small store.

For demonstrations, newcomers, crisis drills and tests. It knows no other room; nothing in it is public.
"""
