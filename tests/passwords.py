"""Argon2 as Django sets it, and as tests use it: the same hasher, told to spend nothing."""

from django.contrib.auth.hashers import Argon2PasswordHasher

COSTS = ("time_cost", "memory_cost", "parallelism")
IN_EARNEST = {cost: getattr(Argon2PasswordHasher, cost) for cost in COSTS}


def spend_nothing() -> None:
    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1
