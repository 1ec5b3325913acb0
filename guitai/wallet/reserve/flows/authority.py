"""Which keys count. The policy names them; the register says that they were agreed."""

from django.db.models import Max

from guitai.audit.api import record
from guitai.base.actor import SYSTEM
from guitai.kit.policies import Versioned
from guitai.kit.transactions import required
from guitai.wallet.models.reserve import ReserveRequest, ReserveSigners
from guitai.wallet.reserve.errors import ReserveKeysNotAuthorised, ReserveNotSetUp
from guitai.wallet.reserve.policy import ReserveSettings, check_keys, settings
from guitai.wallet.reserve.rules.documents import Signer


def signers_in_force() -> tuple[ReserveSigners, Versioned[ReserveSettings]]:
    """The agreed keys beside the policy, in the caller's transaction.

    gives    the newest agreed set, and the policy that names exactly it; the first set that is ever published is
             taken as it is, and recorded
    refuses  reserve_not_set_up, reserve_keys_too_few, reserve_keys_not_authorised
    """
    required()
    policy = settings()
    if not policy.value.keys:
        raise ReserveNotSetUp()
    agreed = newest()
    if agreed is None:
        check_keys(policy.value)
        agreed = agree(policy.value, None)
    if agreed.digest != policy.value.digest:
        raise ReserveKeysNotAuthorised(policy=policy.pin)
    return agreed, policy


def agree(value: ReserveSettings, request: ReserveRequest | None) -> ReserveSigners:
    """Write down that a set of keys counts from now on."""
    number = (ReserveSigners.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    agreed = ReserveSigners.objects.create(
        number=number,
        digest=value.digest,
        needed=value.needed,
        keys=[{"name": signer.name, "public_key": signer.public_key} for signer in value.keys],
        request_id=request.id if request else None,
    )
    details = {"number": number, "needed": value.needed, "keys": [signer.id for signer in value.keys]}
    record(SYSTEM, "reserve.keys_agreed", ("reserve.signers", str(agreed.id)), details=details)
    return agreed


def newest() -> ReserveSigners | None:
    """The newest agreed set."""
    return ReserveSigners.objects.order_by("-number").first()


def keys_of(agreed: ReserveSigners) -> tuple[Signer, ...]:
    """The keys of a set."""
    return tuple(Signer(each["name"], each["public_key"]) for each in agreed.keys)
