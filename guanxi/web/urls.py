"""One set of addresses for every entity: /accounts/, /accounts/7/, /accounts/7/edit/ …"""

from __future__ import annotations

from django.urls import path

from guanxi.web import converters  # noqa: F401 -- registers <entity:…>
from guanxi.web.views import bulk, edits, jobs, lists, palette, records, settings, talk, trail

urlpatterns = [
    path("search/", palette.palette, name="search"),
    path("notifications/", talk.notices, name="notices"),
    path("notifications/<int:pk>/", talk.open_notice, name="open-notice"),
    path("files/<int:pk>/", talk.download, name="file"),
    path("files/<int:pk>/delete/", talk.drop_file, name="file-delete"),
    path("jobs/<int:pk>/", jobs.job_page, name="job"),
    path("jobs/<int:pk>/cancel/", jobs.cancel, name="job-cancel"),
    path("audit/", trail.trail, name="trail"),
    path("audit/verify/", trail.verify, name="trail-verify"),
    path("regions/", lists.regions, name="regions"),
    path("me/", settings.me, name="settings"),
    path("me/theme", settings.theme, name="theme"),
    path("me/language/", settings.language, name="language"),
    path("style/", settings.style, name="style"),
    path("<entity:declared>/", lists.record_list, name="record-list"),
    path("<entity:declared>/count/", lists.record_count, name="record-count"),
    path("<entity:declared>/new/", edits.record_new, name="record-new"),
    path("<entity:declared>/views/", lists.save_view, name="view-save"),
    path("<entity:declared>/views/<int:pk>/delete/", lists.drop_view, name="view-delete"),
    path("<entity:declared>/columns/", lists.set_columns, name="record-columns"),
    path("<entity:declared>/choices/<slug:name>/", lists.choices, name="record-choices"),
    path("<entity:declared>/pick/", lists.pick, name="entity-pick"),
    path("<entity:declared>/move/", lists.move_card, name="record-move"),
    path("<entity:declared>/bulk/<slug:short>/", bulk.bulk, name="record-bulk"),
    path("<entity:declared>/bin/", records.recycle_bin, name="record-bin"),
    path("<entity:declared>/bin/<int:pk>/", records.restore, name="record-restore"),
    path("<entity:declared>/<int:pk>/", records.record, name="record"),
    path("<entity:declared>/<int:pk>/edit/", edits.record_edit, name="record-edit"),
    path("<entity:declared>/<int:pk>/delete/", records.remove, name="record-delete"),
    path("<entity:declared>/<int:pk>/print/", records.print_card, name="record-print"),
    path("<entity:declared>/<int:pk>/history/", records.history, name="record-history"),
    path("<entity:declared>/<int:pk>/comments/", talk.comments, name="record-comments"),
    path("<entity:declared>/<int:pk>/files/", talk.files, name="record-files"),
    path("<entity:declared>/<int:pk>/tab/<slug:name>/", records.related, name="record-tab"),
    path("<entity:declared>/<int:pk>/cell/<slug:name>/", edits.cell, name="record-cell"),
    path("<entity:declared>/<int:pk>/reveal/<slug:name>/", records.reveal, name="record-reveal"),
    path("<entity:declared>/<int:pk>/do/<slug:short>/", edits.verb, name="record-verb"),
]
