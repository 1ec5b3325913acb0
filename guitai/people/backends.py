"""The authentication backend: allauth's, for phone numbers; nobody has Django's own permissions."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend


class PhoneBackend(AuthenticationBackend):  # type: ignore[misc]
    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()
