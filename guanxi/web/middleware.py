"""Around every request: where it comes from, refusals as answers, a password that must be replaced."""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils import translation

from guanxi.kernel import context
from guanxi.kernel.errors import Forbidden, NotVisible, Refused
from guanxi.web.pages import is_fragment

Answer = Callable[[HttpRequest], HttpResponse]
SEEN_EVERY = 60  # seconds
MOST_SEEN = 10_000
METHODS = ("GET", "HEAD", "POST")  # pages take no others
FREE = ("/accounts/", "/static/", "/me/")


class Origin:
    """Tell the audit trail who acts, from where."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        with context.acting(
            channel="api" if request.path.startswith("/api/") else "web",
            ip=request.META.get("REMOTE_ADDR", ""),
            agent=request.headers.get("User-Agent", "")[:200],
            session=hashlib.sha256((request.session.session_key or "").encode()).hexdigest()[:12],
            request=uuid.uuid4().hex[:12],
            actor_id=user.pk if user.is_authenticated else None,
            actor_name=str(user) if user.is_authenticated else "",
        ):
            return self.get_response(request)


class SessionActivity:
    """Notes where a session is in use, once a minute: a write for every page would make readers wait for the disk."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response, self.seen = get_response, dict[str, tuple[float, str]]()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        if key and request.user.is_authenticated:
            place = f"{request.META.get('REMOTE_ADDR')} {request.headers.get('User-Agent')}"
            at, before = self.seen.get(key, (0.0, ""))
            if place != before or time.monotonic() - at > SEEN_EVERY:
                from allauth.usersessions.models import UserSession

                with suppress(OperationalError):  # who is signed in where may wait; reading goes on in a busy database
                    UserSession.objects.create_from_request(request)
                if len(self.seen) > MOST_SEEN:
                    self.seen.clear()
                self.seen[key] = time.monotonic(), place
        return self.get_response(request)


class Refusals:
    """What the business refuses becomes an answer a person can read: a fragment for htmx, a page otherwise."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS and not request.path.startswith("/api/"):
            return HttpResponseNotAllowed(METHODS)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, NotVisible):
            raise Http404 from error
        if not isinstance(error, Refused):
            return None
        if is_fragment(request):
            response = HttpResponse(str(error), status=error.status, content_type="text/plain; charset=utf-8")
            response.headers["HX-Reswap"] = "none"
            from guanxi.web.pages import told

            return told(response, toast={"text": str(error), "tone": "red"})
        name = "403.html" if isinstance(error, Forbidden) else "web/refused.html"
        return render(request, name, {"message": str(error)}, status=error.status)


class PersonalSettings:
    """The person's language; and an initial password has to be replaced before anything else."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated:
            language = user.preferences.get("language")
            if language:
                translation.activate(language)
                request.LANGUAGE_CODE = language
            if user.must_change_password and not request.path.startswith(FREE):
                return redirect("account_change_password")
        response = self.get_response(request)
        # Asked again: a token names its person only inside.
        if request.user.is_authenticated and not response.headers.get("Cache-Control"):
            response.headers["Cache-Control"] = "no-store, private"
        return response


class Language:
    """The product opens in its own language (Chinese) whatever the browser says; a person may choose another."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
