"""The old address of a merged file leads to the file that stayed."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guanxi.duplicates.models import Merge


class Merged:
    """Looks only where a record is missing: who may see the file that stayed is led there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response, match = self.get_response(request), request.resolver_match
        missed = response.status_code == 404 and match is not None and match.url_name == "record"
        if not missed or match is None or not request.user.is_authenticated:
            return response
        declared, pk = match.kwargs["declared"], match.kwargs["pk"]
        rows = Merge.objects.filter(company=request.user.company, label=declared.label, lose_id=pk, undone_at=None)
        gone = rows.order_by("pk").last()
        if gone is None or not declared.model.objects.visible_to(request.user).filter(pk=gone.keep_id).exists():
            return response
        messages.info(request, _("“%(gone)s” was merged into this file.") % {"gone": gone.gone})
        return redirect("record", declared, gone.keep_id)
