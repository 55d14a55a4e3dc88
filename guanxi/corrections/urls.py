"""Address of the figures."""

from __future__ import annotations

from django.urls import path

from guanxi.corrections import views

urlpatterns = [path("corrections/figures/", views.figures, name="correction-figures")]
