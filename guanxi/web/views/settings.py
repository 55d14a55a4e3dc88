"""What a person sets for themselves, the pages of administration, and the living style page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from guanxi.kernel.entities import entities
from guanxi.kernel.filters import describe
from guanxi.org.models import SignIn
from guanxi.web import nav
from guanxi.web.pages import person

THEMES = ("light", "dark", "auto")


@login_required
def me(request: HttpRequest) -> HttpResponse:
    """Own settings: language, theme, shortcuts, sign-in and its history; for administrators the way to their pages."""
    user = person(request)
    if request.method == "POST":
        _keep(request, keys_off="keys" not in request.POST, theme=_one_of(request.POST.get("theme"), THEMES))
        return redirect("settings")
    context = {
        "sign_ins": SignIn.objects.filter(user=user)[:20],
        "areas": nav.administration(user),
        "languages": settings.LANGUAGES,
        "themes": [("light", _("Light")), ("dark", _("Dark")), ("auto", _("Follow the system"))],
        "roles": user.roles.all(),
        "keys_on": not user.preferences.get("keys_off", False),
    }
    return render(request, "web/me.html", context)


def _one_of(value: str | None, allowed: tuple[str, ...]) -> str:
    return value if value in allowed else allowed[0]


def _keep(request: HttpRequest, **changes: Any) -> None:
    user = person(request)
    user.preferences = {**user.preferences, **changes}
    user.save(update_fields=["preferences"])


@login_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    _keep(request, theme=_one_of(request.POST.get("theme"), THEMES))
    return HttpResponse(status=204)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language; works before signing in too."""
    chosen = _one_of(request.POST.get("language"), tuple(code for code, _name in settings.LANGUAGES))
    if request.user.is_authenticated:
        _keep(request, language=chosen)
    response = redirect("settings" if request.user.is_authenticated else "account_login")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, chosen, max_age=31_536_000, httponly=True, samesite="Lax", secure=settings.HTTPS
    )
    return response


class _Sample(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"))
    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}))


@login_required
def style(request: HttpRequest) -> HttpResponse:
    """All parts of the design on one page, for those who build pages and those who run the system."""
    declared = next((e for e in entities() if e.label == "customers.account"), None)
    if declared is None or not (settings.DEBUG or person(request).may("change", "org.role")):
        raise Http404
    fields = describe(list(declared.fields_for(person(request).company).values())[:12])
    chart = {"kind": "bar", "labels": ["A", "B", "C"], "series": [{"name": _("Amount"), "data": [3, 2, 1]}]}
    context = {
        "sample_form": _Sample({"name": ""}),
        "sample_fields": fields,
        "sample_where": "",
        "sample_charts": [{"title": _("Amount"), "data": chart}],
    }
    return render(request, "web/style.html", context)
