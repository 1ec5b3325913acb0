"""The same web process with one transaction a request: `python -m guitai.site.bench.one_by_one FD`.

Same verbs, same checks: every request goes to Django on threads, and with GUITAI_TILL_COALESCE=off each of them owns
its transaction. It is what one would have without the hot path and without batches.
"""

import importlib
import sys

import django

from guitai.site import web


def serve(fd: int) -> None:
    """As `guitai web` serves, without its hot verbs."""
    django.setup(set_prefix=False)
    hot = importlib.import_module("guitai.site.hot")
    hot.POSTS.clear()
    web.run(fd=fd)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
