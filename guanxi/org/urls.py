"""Pages of the organisation beside the common lists and records."""

from __future__ import annotations

from django.urls import path

from guanxi.org import views

urlpatterns = [
    path("organisation/", views.organisation, name="organisation"),
    path("people/<int:pk>/password/", views.password, name="initial-password"),
    path("roles/<int:pk>/rights/", views.role_rights, name="role-rights"),
    path("roles/<int:pk>/rights/<str:label>/", views.role_details, name="role-details"),
]
