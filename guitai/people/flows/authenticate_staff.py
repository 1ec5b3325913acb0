"""The password step of staff, the same in time and words for addresses of nobody."""

from django.contrib.auth.hashers import check_password, make_password

from guitai.kit.throttle import allow
from guitai.people.errors import SignInRefused, TooManyAttempts
from guitai.people.models import User


def authenticate_staff(email: str, password: str) -> User:
    """The member of staff; refuses sign_in_refused, too_many_attempts."""
    email = email.strip().lower()
    if not allow("people.staff", email, limit=10, window_s=300):
        raise TooManyAttempts()
    user = User.objects.filter(kind=User.Kind.STAFF, email=email, is_active=True).first()
    if user is None:
        make_password(password)
        raise SignInRefused()
    if not check_password(password, user.password):
        raise SignInRefused()
    return user
