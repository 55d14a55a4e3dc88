"""How group robots show up, and who may set them up."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.channels.models import Robot
from guanxi.kernel.entities import Entity, Section, register
from guanxi.org import presets
from guanxi.org.holdings import history

register(
    Entity(
        model=Robot,
        title=_("Group robots"),
        slug="robots",
        icon="robot",
        columns=("name", "kind", "is_active", "shows_text", "blocked_until", "problem"),
        sort="name",
        sections=(Section(_("Group robot"), ("name", "kind", "is_active", "shows_text", "blocked_until", "problem")),),
        hidden=("sealed_address", "sealed_secret"),
        scoped=False,
        custom=False,
        importable=False,
        setting=True,
    )
)
presets.grant("channels.robot", ["*"], to=("system-administrator",))
history("channels.choice", "user")
history("channels.delivery", "user")
