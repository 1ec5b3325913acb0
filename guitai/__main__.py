"""`python -m guitai` is the `guitai` command."""

import sys

from guitai.site.command import main

sys.exit(main())
