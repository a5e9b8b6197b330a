"""Settings for the tests: a folder of their own, a key of their own, letters kept in memory."""

import os
import tempfile

os.environ.setdefault("CONVENOR_SECRET_KEY", "only-for-the-tests-" + "x" * 40)
os.environ["CONVENOR_DATA_DIR"] = tempfile.mkdtemp(prefix="convenor-tests-")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser driver runs an event loop beside the test's own thread

from convenor.settings import *  # noqa: F403

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405  # the server of static files warns when it is absent
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file, not memory: threads of the live server and of the concurrency tests must share it as they do in service.
    DATABASES["default"]["TEST"] = {"NAME": f"{os.environ['CONVENOR_DATA_DIR']}/tests.sqlite3"}  # noqa: F405
    DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
