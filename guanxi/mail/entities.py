"""Mailboxes, conversations and letters as entities; who sets them up, who assigns, who writes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel.entities import Entity, Relation, Section, View, add_relation, register
from guanxi.mail import services  # noqa: F401 -- registers verbs and jobs
from guanxi.mail.models import Mail, Mailbox, Thread
from guanxi.mail.queries import ThreadSight
from guanxi.org import presets

READERS = ("finance", "technology", "supervision", "audit-administrator", "branch-accountant", "operations-specialist")
WRITERS = ("representative", "direct-sales")
DISTRIBUTORS = (
    "store-manager", "service-specialist", "relations-specialist", "call-centre", "supervisor", "business-department", "marketing",
)  # fmt: skip

register(
    Entity(
        model=Mailbox,
        title=_("Mailboxes"),
        slug="mailboxes",
        icon="mail",
        columns=("name", "address", "owner", "is_active", "works", "finding", "fetched_at"),
        sort="name",
        sections=(
            Section(_("Mailbox"), ("name", "address", "owner", "is_active", "since")),
            Section(_("Receiving (IMAP)"), ("imap_host", "imap_port", "imap_security", "user")),
            Section(_("Sending (SMTP)"), ("smtp_host", "smtp_port", "smtp_security", "smtp_user", "signature")),
            Section(_("Connection"), ("works", "finding", "fetched_at")),
        ),
        overrides={
            "owner": {"label": _("responsible")},
            "department": {"editable": False},
            "address": {"kind": "email"},
        },
        hidden=("sealed_secret", "uid_validity", "last_uid", "next_at"),
        headline=("address", "works", "finding", "fetched_at", "owner", "is_active"),
        scoped=False,
        custom=False,
        importable=False,
        setting=True,
        finished={"f": "is_active", "op": "is", "v": False},
    )
)
register(
    Entity(
        model=Thread,
        title=pgettext_lazy("mail", "E-mail"),
        slug="mail",
        icon="mail",
        name_field="subject",
        columns=("subject", "account", "name", "address", "state", "last_at", "mailbox"),
        sort="-last_at",
        sections=(Section(_("Conversation"), ("account", "contact", "name", "address", "mailbox", "state", "why")),),
        overrides={
            "address": {"kind": "email"},
            "state": {"tones": {"waiting": "amber", "assigned": "green", "aside": "gray"}, "style": "badge"},
            **{
                name: {"editable": False}
                for name in ("account", "contact", "subject", "name", "mailbox", "last_at", "why")
            },
        },
        search={"names": ("subject", "name")},
        subtitle=("account", "last_at"),
        headline=("account", "contact", "name", "address", "state", "last_at"),
        sight=ThreadSight(),
        creatable=False,
        importable=False,
        custom=False,
        views=(
            View("all", _("All")),
            View(
                "unassigned", _("Unassigned"), {"f": "state", "op": "is", "v": "waiting"}, sort="last_at", icon="inbox"
            ),
            View("aside", _("Set aside"), {"f": "state", "op": "is", "v": "aside"}, icon="archive"),
        ),
    )
)
register(
    Entity(
        model=Mail,
        title=_("Letters by e-mail"),
        slug="mail-letters",
        icon="mail",
        name_field="subject",
        columns=("subject", "thread", "sender_name", "direction", "at", "state"),
        sort="-at",
        sections=(
            Section(
                pgettext_lazy("mail", "E-mail"),
                ("thread", "sender_name", "direction", "at", "state", "text", "remark", "problem"),
            ),
        ),
        overrides={
            "state": {
                "tones": {"failed": "red", "waiting": "amber", "leaving": "amber", "sent": "green"},
                "style": "badge",
            },
            **{
                name: {"editable": False}
                for name in (
                    "thread",
                    "mailbox",
                    "direction",
                    "subject",
                    "sender_name",
                    "at",
                    "text",
                    "automatic",
                    "remark",
                    "problem",
                )
            },
        },
        hidden=("message_id", "references", "sender", "recipients", "copies", "signature"),
        scope_via="thread",
        creatable=False,
        importable=False,
        custom=False,
        views=(
            View("all", _("All")),
            View("failed", _("Not sent"), {"f": "state", "op": "is", "v": "failed"}, icon="alert-triangle"),
        ),
    )
)
add_relation("customers.account", Relation("mail", "mail.thread", "account", pgettext_lazy("mail", "E-mail")))

presets.grant("mail.mailbox", ["*"], to=("system-administrator",))
presets.grant("mail.thread", ["view"], "", to=READERS)
presets.grant("mail.thread", ["view", "add"], "", to=WRITERS)
presets.grant("mail.thread", ["view", "add", "assign"], "", to=DISTRIBUTORS)
