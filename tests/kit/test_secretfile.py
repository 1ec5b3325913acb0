"""A secret that many make at once: one of them is it, for all, and nobody else may read it."""

import stat
from concurrent.futures import ThreadPoolExecutor

from guitai.kit.secretfile import make_once


def test_whoever_comes_first_makes_it_for_all(tmp_path):
    path = tmp_path / "keys" / "one.key"

    def make(number: int) -> bytes:
        make_once(path, b"%d" % number * 1_000)
        return path.read_bytes()

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(make, range(64)))
    assert len(found) == 1 and len(found.pop()) in (1_000, 2_000)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["one.key"]
