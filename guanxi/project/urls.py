"""The address map: every app that has a `urls` module, from the top of the stack down."""

from importlib.util import find_spec

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path

from guanxi.project.forgotten import ResetPage

# `web` comes last: its addresses are made from the registered entities and would match more than their own.
_APPS = (
    "desk", "insight", "handover", "filing", "custody", "targets", "billing", "sales", "contracts", "offers", "deals", "duplicates", "incentives",
    "learning", "mail", "interactions", "meetings", "rulebook", "catalog", "customers", "channels", "worktime", "org", "audit", "corrections", "exchange", "web",
)  # fmt: skip

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/password/reset/", ResetPage.as_view(), name="account_reset_password"),
    path("accounts/", include("allauth.urls")),
    path("api/", include("guanxi.api.urls")),
    *(
        path("", include(f"guanxi.{app}.urls"))
        for app in _APPS
        if apps.is_installed(f"guanxi.{app}") and find_spec(f"guanxi.{app}.urls")
    ),
]
