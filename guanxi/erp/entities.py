"""The definition page of exchanges with an ERP, and the log of its files (ORDER-06)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.erp.models import ErpLink, ErpRun
from guanxi.erp.services import check_link
from guanxi.kernel.entities import Entity, Relation, Section, View, register
from guanxi.org.holdings import history
from guanxi.org.presets import READ, grant

register(
    Entity(
        model=ErpLink,
        title=_("ERP exchanges"),
        slug="erp-exchanges",
        icon="arrows-exchange",
        columns=("name", "what", "direction", "format", "leader", "folder", "active", "sent_until"),
        scoped=False,
        sections=(
            Section(_("ERP exchange"), ("name", "what", "direction", "leader", "active")),
            Section(_("Files"), ("folder", "format", "key", "match", "person", "sent_until")),
        ),
        custom=False,
        importable=False,
        setting=True,
        clean=check_link,
        relations=(Relation("runs", "erp.erprun", "link", _("Files")),),
    )
)
register(
    Entity(
        model=ErpRun,
        title=_("ERP files"),
        slug="erp-files",
        icon="file-import",
        name_field="file",
        columns=(
            "file",
            "link",
            "direction",
            "state",
            "added",
            "changed",
            "failed",
            "written",
            "message",
            "created_at",
        ),
        sort="-created_at",
        scoped=False,
        hidden=("job",),
        overrides={"state": {"tones": {"done": "green", "partly": "amber", "failed": "red", "known": "gray"}}},
        custom=False,
        creatable=False,
        importable=False,
        setting=True,
        views=(
            View("all", _("All")),
            View("bad", _("With errors"), {"f": "state", "op": "in", "v": ["failed", "partly"]}, icon="alert-triangle"),
        ),
    )
)
history("erp.erplink", "person")
grant("erp.erplink", READ, to=("system-administrator", "finance"))
grant("erp.erprun", READ, to=("system-administrator", "finance"))
