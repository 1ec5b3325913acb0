"""An account that whoever keeps it says is somebody's: they are sent there, and come back with a code.

What the browser brings proves nothing by itself: it counts once, in the session that was sent, shortly after, and the
code is exchanged from server to server.
"""

import hmac
import secrets
from typing import Any
from uuid import UUID

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.kit.crypto import Unsealable, seal, unseal
from guitai.kit.throttle import allow
from guitai.people.account_offer import AccountLink
from guitai.people.errors import AccountLinkFailed, TooManyAttempts

_SENT, _FOUND = "people.link_sent", "people.link_found"
_PURPOSE = "people.account_link"
_HOLDS_S = 600
_TRIES_AN_HOUR = 30
_CODE_MAX = 512

Session = Any


def send_there(session: Session, person: UUID, kind: str, link: AccountLink, return_url: str) -> str:
    """The address to send a browser to; refuses too_many_attempts and whatever the link refuses."""
    if not allow("people.link", str(person), limit=_TRIES_AN_HOUR, window_s=3600):
        raise TooManyAttempts()
    state = secrets.token_urlsafe(24)
    address = link.address(state, return_url)
    session.pop(_FOUND, None)
    session[_SENT] = {"kind": kind, "person": str(person), "state": state, "at": now().timestamp()}
    return address


def take_back(session: Session, person: UUID, kind: str, link: AccountLink, state: str, code: str) -> None:
    """Somebody came back: the session keeps for a short while which account is theirs; refuses account_link_failed."""
    sent = session.pop(_SENT, None)
    if not _fits(sent, person, kind) or not code or len(code) > _CODE_MAX:
        raise AccountLinkFailed()
    if not hmac.compare_digest(str(sent["state"]).encode(), state.encode()):
        raise AccountLinkFailed()
    account = link.account(code)
    if account is None:
        raise AccountLinkFailed()
    row = new_id()
    session[_FOUND] = {
        "kind": kind,
        "person": str(person),
        "at": now().timestamp(),
        "row": str(row),
        "account": seal(account, purpose=_PURPOSE, row=row).hex(),
    }


def found(session: Session, person: UUID, kind: str) -> str | None:
    """The account that a session came back with, while that counts."""
    kept = session.get(_FOUND)
    if not _fits(kept, person, kind):
        return None
    try:
        return unseal(bytes.fromhex(kept["account"]), purpose=_PURPOSE, row=UUID(kept["row"]))
    except (Unsealable, ValueError):
        return None


def forget(session: Session) -> None:
    """It was bound, or is not wanted any more."""
    session.pop(_FOUND, None)


def _fits(kept: Any, person: UUID, kind: str) -> bool:
    if not isinstance(kept, dict) or (kept.get("kind"), kept.get("person")) != (kind, str(person)):
        return False
    return 0 <= now().timestamp() - float(kept["at"]) <= _HOLDS_S
