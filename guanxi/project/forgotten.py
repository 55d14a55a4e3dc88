"""The forgotten password: a mail where there is a mail server, else the way to the administrator."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from allauth.account.views import PasswordResetView
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _


class SignInForm(LoginForm):  # type: ignore[misc]
    """Offers the mail only where it can be sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not settings.EMAIL_HOST:
            self.fields["password"].help_text = _("Forgotten the password? The administrator sets a new one.")


class ResetPage(PasswordResetView):  # type: ignore[misc]
    """The library's page; without a mail server it says who helps instead."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.EMAIL_HOST:
            return render(request, "account/ask_administrator.html")
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]
