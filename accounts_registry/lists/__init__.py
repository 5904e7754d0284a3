"""Lists of accounts as people keep them: what stands in a file, and what it says of each account.

Plain Python on words. `reading` takes a stranger's file apart, in a process of its own (`networks.apart`).
"""
