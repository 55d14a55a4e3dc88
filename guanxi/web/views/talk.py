"""Comments, files and notices."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanxi.audit.services import witness
from guanxi.formats.addresses import on_this_site
from guanxi.kernel.entities import Entity, entity
from guanxi.kernel.errors import Forbidden
from guanxi.kernel.idempotency import once
from guanxi.kernel.work import unit_of_work
from guanxi.org import services
from guanxi.org.files import attach, path_of
from guanxi.org.models import Attachment, Comment, Notice
from guanxi.web.pages import done, entity_page, fetch, form_key, person, whole
from guanxi.web.views.records import page_context

INLINE = ("image/png", "image/jpeg", "image/gif", "image/webp")


@entity_page()
def comments(request: HttpRequest, declared: Entity, pk: int) -> HttpResponse:
    """Remarks on a record; @name tells that person."""
    user = person(request)
    row = fetch(declared, user, pk)
    here = reverse("record-comments", args=[declared.slug, pk])
    if request.method == "POST":
        text = request.POST.get("text", "")

        def body() -> dict[str, int]:
            return {"id": services.comment(row, text, actor=user, url=here).pk}

        once(user, request.POST.get("key", ""), body)
        return done(request, here)
    context = page_context(request, declared, pk, "comments")
    context["comments"] = Comment.objects.filter(label=declared.label, object_id=pk).select_related("author")[:200]
    context["key"] = form_key()
    return render(request, "web/comments.html", context)


@entity_page()
def files(request: HttpRequest, declared: Entity, pk: int) -> HttpResponse:
    """Files of a record."""
    user = person(request)
    row = fetch(declared, user, pk)
    here = reverse("record-files", args=[declared.slug, pk])
    if request.method == "POST":
        if not user.may("change", declared.label):
            raise Forbidden(_("You may not add files here."))
        uploads = request.FILES.getlist("file")
        for upload in uploads[:20]:
            attach(row, upload, actor=user)
        return done(request, here, _("Files added: %(n)d.") % {"n": len(uploads[:20])})
    context = page_context(request, declared, pk, "files")
    context["files"] = Attachment.objects.filter(label=declared.label, object_id=pk).select_related("author")[:200]
    return render(request, "web/files.html", context)


@login_required
def download(request: HttpRequest, pk: int) -> FileResponse:
    """A file, to somebody who may see the record it belongs to."""
    user = person(request)
    attached = Attachment.objects.filter(company_id=user.company_id, pk=pk).first()
    if attached is None or not user.may("view", attached.label):
        raise Http404
    fetch(entity(attached.label), user, attached.object_id)
    stored = path_of(attached.digest)
    if not stored.exists():
        raise Http404
    inline = attached.media_type in INLINE and "show" in request.GET
    response = FileResponse(
        stored.open("rb"), as_attachment=not inline, filename=attached.name, content_type=attached.media_type
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
@require_POST
def drop_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a file: its author, or somebody who may delete the record."""
    user = person(request)
    attached = Attachment.objects.filter(company_id=user.company_id, pk=pk).first()
    if attached is None or not user.may("view", attached.label):
        raise Http404
    declared = entity(attached.label)
    fetch(declared, user, attached.object_id)
    if attached.author_id != user.pk and not user.may("delete", attached.label):
        raise Forbidden(_("Only the person who added this file may delete it."))
    unit_of_work(attached.delete, verb="org.attachment.deleted")
    witness("delete_file", attached.label, attached.object_id, attached.name, company_id=user.company_id)
    return done(
        request,
        reverse("record-files", args=[declared.slug, attached.object_id]),
        _("Deleted %(name)s.") % {"name": attached.name},
    )


@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """What the product wants this person to know."""
    user = person(request)
    if request.method == "POST":
        one = whole(request.POST, "id")
        services.mark_read(user, [one] if one else None)
        return redirect("notices")
    rows = Notice.objects.filter(user=user).order_by("-id")[:100]
    return render(request, "web/notices.html", {"notices": rows})


@login_required
@require_POST
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice read and go where it points."""
    user = person(request)
    notice = Notice.objects.filter(user=user, pk=pk).first()
    if notice is None:
        raise Http404
    services.mark_read(user, [pk])
    return redirect(on_this_site(notice.url) or "notices")
