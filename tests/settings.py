"""Settings of the tests: a folder and a queue of their own, real servers where named, strict templates."""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="metodset-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ.update(
    SECRET_KEY="only for tests, nothing is signed with it elsewhere",
    VAR_DIR=_folder,
    QUEUE_NAME=f"tests-{os.getpid()}",
    DEBUG="0",
    DEMO="0",
    HTTPS="0",
    SITE_URL="http://portal.test",
    SECOND_FACTOR_REQUIRED="0",
)

from config.settings import *  # noqa: E402,F403
from config.settings import DATABASES, STORAGES, TEMPLATES  # noqa: E402
from tests.guards import FailOnUnknownVariable  # noqa: E402

ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = FailOnUnknownVariable()
if DATABASES["default"]["ENGINE"] == "core.sqlite":
    # In a file, as in the product: threads wait for each other's transactions, which a database in memory cannot.
    DATABASES["default"]["TEST"] = {"NAME": f"{_folder}/tests.sqlite3"}
