"""A secret file that several processes may want to make at once: whoever comes first makes it, for all."""

import contextlib
import os
import tempfile
from pathlib import Path


def make_once(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, unless it is there: then what is there stays.

    takes    a path, what it holds if nobody was first
    source   link(2): it fails when the name is taken, so that a reader finds a whole file or none
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # The draft is its owner's alone from its first moment, and is gone however this ends.
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".") as draft:
        draft.write(content)
        draft.flush()
        with contextlib.suppress(FileExistsError):
            os.link(draft.name, path)
