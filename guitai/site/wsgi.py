"""Django as a WSGI application."""

import os

import django

from guitai.site.handler import Handler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guitai.site.settings")
django.setup(set_prefix=False)
application = Handler()
