"""Tokens with which programs act as a person; only their hash is stored."""

from __future__ import annotations

import hashlib
import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel import clock
from guanxi.kernel.ids import new_id
from guanxi.kernel.models import IdField
from guanxi.org.models import User


class Token(models.Model):
    """Acts with the rights of its person, never more; dies with the account."""

    id = IdField(primary_key=True, default=new_id)
    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True)

    @classmethod
    def issue(cls, user: User, name: str) -> str:
        """A new token in clear text; it cannot be shown again."""
        text = "gx_" + secrets.token_urlsafe(32)
        cls.objects.create(user=user, name=name, digest=digest_of(text))
        return text


def revoke(user: User) -> None:
    """No token of this person works any more."""
    Token.objects.filter(user=user).delete()


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
