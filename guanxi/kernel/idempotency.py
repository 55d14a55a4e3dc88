"""A form or call that arrives twice is carried out once and gets the same answer twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction

from guanxi.kernel import work
from guanxi.kernel.models import IdempotencyKey


def once(user: Any, key: str, body: Callable[[], dict[str, Any]]) -> tuple[dict[str, Any], bool]:
    """Run `body` in one unit of work with its key; a second call returns the stored answer and True."""
    if not key:
        return work.unit_of_work(body), False
    seen = known(user, key)
    if seen is not None:
        return seen, True

    def unit() -> dict[str, Any]:
        # The key goes in first: a parallel twin waits on it and then fails, before any effect.
        with transaction.atomic():
            row = IdempotencyKey.objects.create(user_id=user.pk, key=key[:64])
        row.answer = body()
        row.save(update_fields=["answer"])
        return dict(row.answer)

    try:
        return work.unit_of_work(unit), False
    except IntegrityError:
        seen = known(user, key)
        if seen is None:
            raise
        return seen, True


def known(user: Any, key: str) -> dict[str, Any] | None:
    """The stored answer to a form or call that was carried out before."""
    found = IdempotencyKey.objects.filter(user_id=user.pk, key=key[:64]).values_list("answer", flat=True).first()
    return dict(found) if found is not None else None
