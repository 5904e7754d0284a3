"""`python -m launcher`. This file alone must be readable by old Pythons: they deserve a sentence, not a traceback."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - whoever is refused here has not met requires-python yet
    sys.exit("Parvis needs Python 3.11 or newer; this one is {}.{}.".format(*sys.version_info))

from launcher.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
