"""Bluesky, and any Personal Data Server that speaks the AT Protocol."""
