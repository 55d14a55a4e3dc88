"""The product's addresses and, in front of them, the floor's."""

from django.urls import path

from bench import floor
from guanxi.project.urls import urlpatterns as product

urlpatterns = [path("floor/<slug:name>/", floor.view), *product]
