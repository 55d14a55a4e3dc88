"""Settings of the test suite: a home of its own, cheap passwords, no compressed assets."""

import atexit
import os
import shutil
import tempfile

if "GUANXI_HOME" not in os.environ:  # parallel workers inherit the controller's
    os.environ["GUANXI_HOME"] = tempfile.mkdtemp(prefix="guanxi-test-")
    atexit.register(shutil.rmtree, os.environ["GUANXI_HOME"], ignore_errors=True)

from guanxi.project.settings import *  # noqa: F403
from guanxi.project.settings import DATABASES, HOME, STORAGES

AUDIT_SIGHTINGS = False  # noted, and written only when a test says so
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if str(DATABASES["default"]["ENGINE"]).endswith("sqlite3"):  # a file, so that threads and processes can meet in it
    DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.sqlite3")}
# Tests speak the language of the sources, whether or not a catalogue is compiled; those of the catalogue choose.
LANGUAGE_CODE = "en"
