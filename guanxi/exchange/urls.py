"""Addresses of import, export and change of many rows."""

from __future__ import annotations

from django.urls import path

from guanxi.exchange.views import cleaning, exports, imports
from guanxi.web import converters  # noqa: F401 -- registers <entity:…>

urlpatterns = [
    path("exports/<int:pk>/", exports.fetch_file, name="export-file"),
    path("<entity:declared>/clean/", cleaning.clean, name="record-clean"),
    path("<entity:declared>/export/", exports.export, name="record-export"),
    path("<entity:declared>/import/", imports.start, name="record-import"),
    path("<entity:declared>/import/template/", imports.template, name="import-template"),
    path("<entity:declared>/import/<int:pk>/", imports.match, name="import-match"),
    path("<entity:declared>/import/<int:pk>/run/", imports.run, name="import-run"),
    path("<entity:declared>/import/<int:pk>/check/", imports.check, name="import-check"),
    path("<entity:declared>/import/<int:pk>/result/", imports.result, name="import-result"),
    path("<entity:declared>/import/<int:pk>/errors/", imports.errors, name="import-errors"),
    path("<entity:declared>/import/<int:pk>/undo/", imports.undo, name="import-undo"),
]
