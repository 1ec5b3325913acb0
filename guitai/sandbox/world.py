"""What every part of the outside world is given: settings, storage, keys, the courier."""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guitai.base.clock import now
from guitai.sandbox.asgi import Problem, Request
from guitai.sandbox.courier import Courier
from guitai.sandbox.keys import KeyTrouble, peer_key
from guitai.sandbox.settings import Settings
from guitai.sandbox.signatures import NotGenuine, check_request
from guitai.sandbox.store import Store


@dataclass(frozen=True, slots=True)
class World:
    settings: Settings
    store: Store
    bank_key: Ed25519PrivateKey
    courier: Courier


def seconds() -> int:
    """The present moment as whole seconds."""
    return int(now().timestamp())


def check_wallet(world: World, request: Request) -> None:
    """Raise a Problem unless the wallet signed this request."""
    try:
        key = peer_key(world.settings.keys, "wallet")
        check_request(
            key, "wallet", request.method, request.raw_path, request.headers, request.body, seconds()
        )
    except KeyTrouble as error:
        raise Problem(503, "wallet_key_missing", str(error)) from error
    except NotGenuine as error:
        raise Problem(401, "bad_signature", f"Not signed by the wallet: {error}.") from error
