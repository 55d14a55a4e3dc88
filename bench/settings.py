"""The product's settings with the floor's addresses in front."""

from guanxi.project.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
