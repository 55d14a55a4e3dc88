"""How sign-in differs from the library's default: no self sign-up, a history of attempts, limits on sessions, encrypted factors."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.signals import authentication_failed as factor_failed
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user, logout
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.audit.services import witness
from guanxi.kernel import context, work
from guanxi.kernel.models.pour import insert
from guanxi.kernel.prepared import ask
from guanxi.kernel.sealed import seal, unseal
from guanxi.org.models import Notice, SignIn, User
from guanxi.web.pages import is_fragment, told

_PURPOSE = b"guanxi second factor v1"
STAMP_EVERY = 60  # seconds between two notes of "seen" in the session: most requests write nothing
FREE = ("/accounts/", "/static/", "/me/")
_ENDED = gettext_lazy("You were signed out because the session had ended. Please sign in again.")


def remember_attempt(request: HttpRequest, user: User | None, username: str, method: str, *, ok: bool) -> None:
    """Keep an attempt in the history and in the audit trail; nothing that was typed but the name is kept."""
    ip, agent = request.META.get("REMOTE_ADDR", ""), request.headers.get("User-Agent", "")
    name = username[:60]

    def body() -> None:
        label, pk, company = ("org.user", user.pk, user.company_id) if user else ("", 0, None)
        row = SignIn(
            company_id=company, user=user, username=name, ok=ok, ip=ip[:45], agent=agent[:200], method=method
        )  # fmt: skip
        insert([row])  # a history itself: the trail holds the witnessed entry
        witness(
            "sign_in" if ok else "sign_in_failed", label, pk, name, company_id=company, username=name, method=method
        )

    with context.acting(actor_id=user.pk if user and ok else None, actor_name=str(user) if user and ok else ""):
        work.unit_of_work(body)


def _method(request: HttpRequest) -> str:
    """What the person proved, in words of the library: password, totp, webauthn, recovery_codes; joined with +."""
    records = request.session.get("account_authentication_methods", [])
    return "+".join(dict.fromkeys(str(r.get("type") or r.get("method", "")) for r in records))[:20]


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by an administrator, never by a visitor; every attempt is remembered."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": gettext_lazy(
            "Too many failed attempts: sign-in is paused for 15 minutes. Ask the administrator if it was not you."
        ),
        "username_password_mismatch": gettext_lazy("The name or the password is wrong."),
    }

    def add_message(
        self, request: HttpRequest, level: Any, message_template: Any = None, *args: Any, **kwargs: Any
    ) -> None:
        """Greeting somebody who just signed in is noise; the rest of the library's messages is kept."""
        if message_template not in ("account/messages/logged_in.txt", "account/messages/logged_out.txt"):
            super().add_message(request, level, message_template, *args, **kwargs)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """The name alone: the library adds the Host header, and whoever varies that would be counted anew each time."""
        return str(credentials.get("username", "")).upper().casefold()

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            self._failed(request, credentials, "locked")
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        self._failed(request, credentials, "password")

    def _failed(self, request: HttpRequest, credentials: dict[str, Any], method: str) -> None:
        name = str(credentials.get("username", ""))
        remember_attempt(request, User.objects.filter(username=name[:60]).first(), name, method, ok=False)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        remember_attempt(request, user, user.username, "frozen", ok=False)
        return super().respond_user_inactive(request, user)  # type: ignore[no-any-return]

    def post_login(self, request: HttpRequest, user: Any, **options: Any) -> HttpResponse:
        request.session["began"] = request.session["seen"] = time.time()
        remember_attempt(request, user, user.username, _method(request), ok=True)
        return super().post_login(request, user, **options)  # type: ignore[no-any-return]

    def clean_password(self, password: str, user: Any = None) -> str:
        cleaned = super().clean_password(password, user)
        if user is not None and user.check_password(password):
            raise ValidationError(_("The new password must differ from the present one."))
        return str(cleaned)

    def set_password(self, user: Any, password: str) -> None:
        user.must_change_password = False

        def body() -> None:
            super(AccountAdapter, self).set_password(user, password)
            witness("change_password", "org.user", user.pk, str(user), company_id=user.company_id)

        work.unit_of_work(body)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/"


def _second_factor_failed(request: HttpRequest, user: User, authenticator: Any, **_more: Any) -> None:
    remember_attempt(request, user, user.username, str(authenticator.type), ok=False)


factor_failed.connect(_second_factor_failed, dispatch_uid="guanxi.sign_in_history")


class People(AuthenticationBackend):  # type: ignore[misc]
    """Who a session belongs to: one statement for person, company and the number of unread notices."""

    def get_user(self, user_id: Any) -> User | None:
        user: User | None = next(iter(ask(_person, None, int(user_id))), None)
        return user if self.user_can_authenticate(user) else None


def _person(_user: Any, pk: int) -> QuerySet[Any]:
    unread = Notice.objects.filter(user=OuterRef("pk"), read_at=None).order_by().values("user")
    number = Subquery(unread.annotate(n=Count("pk")).values("n"))
    return User.objects.filter(pk=pk).annotate(unread=number)  # type: ignore[no-any-return]


class Person(AuthenticationMiddleware):
    """The person of the session as they are, not behind a lazy object: a page asks for them a thousand times."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = get_user(request)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps TOTP seeds and recovery seeds as AES-256-GCM ciphertext (nonce, then text)."""

    def encrypt(self, text: str) -> str:
        return seal(text, _PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, _PURPOSE)


def _for_whole_page(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """A part of a page that finds the session ended sends the whole page to sign in, and back to where it was."""
    place = answer.headers.get("Location", "")
    if not is_fragment(request) or not place.startswith("/accounts/") or request.path.startswith("/accounts/"):
        return answer
    if place.startswith(resolve_url(settings.LOGIN_URL)):
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
        if not getattr(messages.get_messages(request), "added_new", False):
            messages.info(request, _ENDED)
        place = redirect_to_login(page._replace(scheme="", netloc="", fragment="").geturl() or "/").url
    return told(HttpResponse(status=204), signIn={"value": place})


class SessionLimits:
    """A session ends after half an hour without use and after half a day in any case; some roles need a second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        if user.is_authenticated:
            if self._is_over(request):
                logout(request)
                messages.info(request, _ENDED)
            elif self._lacks_factor(request, user):
                messages.warning(request, _("Your role needs a second factor. Set one up to go on."))
                return _for_whole_page(request, redirect("mfa_index"))
        return _for_whole_page(request, self.get_response(request))

    def _is_over(self, request: HttpRequest) -> bool:
        session, now = request.session, time.time()
        began, seen = session.get("began", now), session.get("seen", now)
        if now - began > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE_MINUTES * 60:
            return True
        if "began" not in session or now - seen > STAMP_EVERY:
            session["began"], session["seen"] = began, now
        return False

    def _lacks_factor(self, request: HttpRequest, user: User) -> bool:
        if request.path.startswith(FREE) or not user.access.second_factor or request.session.get("second_factor"):
            return False
        request.session["second_factor"] = has = bool(is_mfa_enabled(user))
        return not has
