"""A database that is busy, full or away is an answer with advice, not a crash: nothing was saved, and it says so."""

from __future__ import annotations

from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from guanxi.kernel.errors import Refused
from guanxi.web.middleware import Refusals

FULL, FAULTS = "disk is full", ("no such ", "has no column")  # the latter are ours: they stay errors


class Unavailable(Refused):
    status = 503


class Busy:
    """Stands inside `Refusals`, so that it hears of an error first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, OperationalError) or any(text in str(error) for text in FAULTS):
            return None
        if FULL in str(error):
            told = _("The server’s disk is full: nothing was saved. Tell the system administrator.")
        else:
            told = _("The system is busy: nothing was saved. Go back and try again in a moment.")
        if request.path.startswith("/api/"):
            return JsonResponse({"detail": told}, status=Unavailable.status)
        return Refusals(self.get_response).process_exception(request, Unavailable(told))
