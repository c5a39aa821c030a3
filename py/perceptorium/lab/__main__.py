"""The lab on the command line: ``python -m perceptorium.lab table3 --networks 1000``."""

import sys

from .command import main

if __name__ == "__main__":
    sys.exit(main())
