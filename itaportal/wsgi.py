"""The door through which gunicorn enters."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itaportal.settings")

application = get_wsgi_application()

# What was loaded at the start stays for good, and a page leaves no cycles behind: looking for them
# every seven hundred objects, the interpreter's default, took a twentieth of each page.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
