"""What the benchmarks' gunicorn serves: the project as it is, without the checks that start-up makes once."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
