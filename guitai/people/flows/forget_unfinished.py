"""Data of people who began to sign up and never verified their number is not kept."""

from datetime import timedelta

from guitai.base.clock import now
from guitai.people.models import PasskeyChallenge, SignIn, SmsCode, User

_KEPT = timedelta(hours=24)
_SIGN_INS_KEPT = timedelta(days=400)


def forget_unfinished() -> int:
    """Delete unverified persons and codes older than a day; gives how many persons."""
    before = now() - _KEPT
    SmsCode.objects.filter(expires_at__lt=before).delete()
    PasskeyChallenge.objects.filter(expires_at__lt=before).delete()
    SignIn.objects.filter(at__lt=now() - _SIGN_INS_KEPT).delete()
    _, by_model = User.objects.filter(
        kind=User.Kind.CUSTOMER, registered_at=None, phone_verified=False, created_at__lt=before
    ).delete()
    return by_model.get("people.User", 0)
