"""Background work as its requester sees it: progress, result, cancel."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from guanxi.kernel import clock
from guanxi.kernel.models import Job
from guanxi.web.pages import answer, done, person

TITLES: dict[str, Any] = {"web.bulk": _("Bulk action")}  # apps above add the names of their own jobs


def own_job(request: HttpRequest, pk: int) -> Job:
    """A job of this person, or 404."""
    row = Job.objects.filter(pk=pk, requested_by=person(request)).first()
    if row is None:
        raise Http404
    return row


@login_required
def job_page(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a job is; for htmx only the moving part."""
    row = own_job(request, pk)
    left = None
    if row.state == "running" and row.done_steps and row.all_steps:
        spent = (clock.now() - max(row.created_at, row.run_at)).total_seconds()
        left = round(spent / row.done_steps * (row.all_steps - row.done_steps))
    context = {
        "job": row,
        "title": TITLES.get(row.name, _("Background work")),
        "busy": row.state in ("ready", "running"),
        "percent": round(100 * row.done_steps / row.all_steps) if row.all_steps else 0,
        "left": left,
        "here": reverse("job", args=[pk]),
        "cancel_url": reverse("job-cancel", args=[pk]),
        "result": row.result,
        "refused": [one if isinstance(one, str) else _(": ").join(one) for one in row.result.get("refused", ())],
    }
    return answer(request, "web/job.html", context, part="progress")


@login_required
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the job to stop; one that waits stops at once, a running one after its batch."""
    row = own_job(request, pk)
    Job.objects.filter(pk=row.pk, state="ready").update(state=Job.State.CANCELLED, finished_at=clock.now())
    Job.objects.filter(pk=row.pk, state="running").update(cancel_asked=True)
    return done(request, reverse("job", args=[pk]))
