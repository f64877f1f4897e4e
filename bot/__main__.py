"""`python -m bot`: the command line."""

import sys

from bot.cli.main import main

sys.exit(main())
