"""The demonstration: a federal finance service with its people, accounts, posts, mentions and playbook.

Everything goes through the same actions as in daily work, so its audit trail is a true one. All people are invented.
"""
