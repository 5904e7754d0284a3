"""Playbooks with their checklists, crises and drills, and the freeze."""
