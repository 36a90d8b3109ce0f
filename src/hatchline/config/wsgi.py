"""What gunicorn serves. Nothing is served while the database does not hold what it promises (config/startup.py)."""

import os
import sys

from django.core.wsgi import get_wsgi_application
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hatchline.config.settings")

application = get_wsgi_application()

from hatchline.config import startup  # noqa: E402 - needs Django set up

try:
    startup.refuse_if_unfit()
except startup.Unfit as unfit:
    print(unfit, file=sys.stderr)
    sys.exit(4)  # gunicorn ends instead of starting workers again and again
finally:
    connections.close_all()
