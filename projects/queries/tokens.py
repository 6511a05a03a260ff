from django.db.models import QuerySet

from projects.models import Token, User, hash_key


def usable_token(key: str) -> Token | None:
    """The living token of this key with its user, who must be active."""
    return Token.objects.usable().select_related("user").filter(key_hash=hash_key(key), user__is_active=True).first()


def tokens_of(user: User) -> QuerySet[Token]:
    return Token.objects.filter(user_id=user.pk).order_by("-id")
