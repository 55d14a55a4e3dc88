"""What a browser says of itself, in the two words a person looks for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

# Many claim to be others as well: the one that claims least comes last.
_PROGRAMS = (
    ("MicroMessenger", _("WeChat")), ("DingTalk", _("DingTalk")), ("Lark", _("Feishu")), ("QQBrowser", _("QQ Browser")),
    ("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "HarmonyOS"), ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def browser(agent: str) -> str:
    """`Chrome · Windows`; of something unknown the beginning of what it says."""
    found = [next((str(name) for mark, name in known if mark in agent), "") for known in (_PROGRAMS, _SYSTEMS)]
    return " · ".join(filter(None, found)) or agent[:40]
