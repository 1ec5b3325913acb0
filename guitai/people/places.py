"""From a network address to a place, when the operator has put an ip2region file beside the data.

`<home>/places/ip2region.xdb` (and `ip2region_v6.xdb`) and the package `py-ip2region` (the extra `places`) are all it
takes. Without them no place is known, and devices and history alone say what is unusual.
"""

import ipaddress
import logging
from functools import lru_cache
from pathlib import Path
from typing import Any

from guitai.kit.environment import environment

try:
    import ip2region.searcher as xdb_searcher
    import ip2region.util as xdb_util
except ImportError:  # an extra that most installations do without
    xdb_searcher = xdb_util = None

_FILES = {4: "ip2region.xdb", 6: "ip2region_v6.xdb"}
_UNKNOWN = frozenset({"", "0", "内网IP", "Reserved", "内网"})
_PLACE_MAX = 80
_log = logging.getLogger(__name__)


def place_of(address: str) -> str:
    """Country, province and city, as the file names them; nothing when they are not known."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    searcher = _searcher(found.version)
    if searcher is None or not found.is_global:
        return ""
    try:
        region = str(searcher.search(str(found)) or "")
    except Exception:  # noqa: BLE001  a broken file must not keep anybody from signing in
        _log.exception("the places file could not be read")
        return ""
    parts = [part for part in region.split("|")[:4] if part not in _UNKNOWN]
    return " ".join(dict.fromkeys(parts[:3]))[:_PLACE_MAX]


@lru_cache(maxsize=2)
def _searcher(version: int) -> Any | None:
    path: Path = environment().home / "places" / _FILES[version]
    if xdb_searcher is None or not path.is_file():
        return None
    try:
        content = xdb_util.load_content_from_file(str(path))
        return xdb_searcher.new_with_buffer(xdb_util.IPv4 if version == 4 else xdb_util.IPv6, content)
    except Exception:  # noqa: BLE001  whatever is wrong with an operator's file, signing in goes on without it
        _log.exception("the places file %s was not taken", path.name)
        return None
