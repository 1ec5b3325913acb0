"""Our web process with somebody who looks on: `python -m guitai.site.bench.sampled_web FILE FD`.

It is looked at from SIGUSR1 until it stops; then FILE says what was seen.
"""

import contextlib
import json
import signal
import sys
from pathlib import Path
from types import FrameType

import django

from guitai.site import web
from guitai.site.bench.sampler import Sampler


def serve(file: Path, fd: int) -> None:
    """As `guitai web` serves."""
    django.setup(set_prefix=False)
    sampler = Sampler()
    with contextlib.ExitStack() as stack:

        def begin(number: int, frame: FrameType | None) -> None:
            stack.enter_context(sampler)

        signal.signal(signal.SIGUSR1, begin)
        web.run(fd=fd)
    file.write_text(json.dumps(sampler.told(0)))


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]))
