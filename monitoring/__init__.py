"""Watches, mentions pulled from the networks, the inbox with its deadlines, and answers."""
