"""Scripted floods: citizens who write by themselves, message after message, for a trainer to start and stop."""
