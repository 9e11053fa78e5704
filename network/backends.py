"""Sign-in: only with an active account and, but for administrators, an employment in force."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from network.models import Employment, Person


class EmploymentBackend(AuthenticationBackend):
    """A session ends by itself when the account is closed or the last employment has ended."""

    def get_user(self, user_id: Any) -> Person | None:
        person = Person.objects.filter(pk=user_id, is_active=True).first()
        # The rights are read once a request anyway, and they are the employments in force.
        return person if person and (person.is_superuser or person.rights.employments) else None

    def user_can_authenticate(self, user: Any) -> bool:
        if not super().user_can_authenticate(user):
            return False
        return user.is_superuser or Employment.objects.in_force().filter(person=user).exists()

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Rights come from employments by `network.rules`, never from Django's permissions and groups."""
        return False
