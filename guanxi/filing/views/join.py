"""The public pages: a customer registers, and comes back to correct the particulars.  They tell nothing of others."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from guanxi.filing.forms import JoinForm, OwnForm, own_values
from guanxi.filing.models import JoinLink, Registration
from guanxi.filing.services import join as service


def _link(token: str) -> JoinLink:
    link = service.link_of(token)
    if link is None:
        raise Http404
    return link


def _page(
    request: HttpRequest, template: str, company: Any, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    frame = {"company": {"name": company.short_name or company.name, "initial": company.name[:1]}, "firm": company.name}
    response = render(request, template, {**context, **frame}, status=status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def join(request: HttpRequest, token: str) -> HttpResponse:
    """The form; whoever sends it gets the same answer, known here or not."""
    link = _link(token)
    form = JoinForm(link, request.POST or None)
    if request.method != "POST":
        return _page(request, "filing/join.html", link.company, {"form": form, "link": link})
    if not service.admit(link, get_adapter().get_client_ip(request)):
        return _page(request, "filing/join.html", link.company, {"form": form, "link": link, "busy": True}, 429)
    if not form.is_valid():
        return _page(request, "filing/join.html", link.company, {"form": form, "link": link}, 422)
    own = service.nobody() if form.cleaned_data["website"] else service.join(link, form.cleaned_data, form.answers)
    return redirect(f"{reverse('join-done', args=[token])}?own={own}")


def done(request: HttpRequest, token: str) -> HttpResponse:
    """Thanks, and the way back to one's own particulars."""
    link, own = _link(token), request.GET.get("own", "")[:300]
    url = request.build_absolute_uri(reverse("join-own", args=[own])) if own else ""
    return _page(request, "filing/join_done.html", link.company, {"url": url})


def own(request: HttpRequest, text: str) -> HttpResponse:
    """The customer's own particulars, for whoever holds the signed link."""
    row: Registration | None = service.open_own(text)
    if row is None:
        raise Http404
    form = OwnForm(request.POST or None, initial=own_values(row))
    saved = False
    if request.method == "POST" and form.is_valid():
        if not form.cleaned_data["website"]:
            service.amend(row, form.cleaned_data)
        saved = True
    status = 422 if request.method == "POST" and not saved else 200
    return _page(request, "filing/join_own.html", row.company, {"form": form, "saved": saved, "text": text}, status)
