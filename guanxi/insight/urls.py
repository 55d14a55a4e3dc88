"""The dashboard's addresses."""

from __future__ import annotations

from django.urls import path

from guanxi.insight import views

urlpatterns = [
    path("insight/", views.dashboard, name="insight"),
    path("insight/refresh/", views.recompute, name="insight-refresh"),
    path("insight/progress/<int:pk>/", views.progress, name="insight-progress"),
    path("class-schemes/<int:pk>/what-if/", views.what_if, name="what-if"),
]
