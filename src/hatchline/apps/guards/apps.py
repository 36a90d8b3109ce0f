"""Wires the guards to migrations: taken down before, put up after."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate


class GuardsConfig(AppConfig):
    """No tables; watches those of others."""

    name = "hatchline.apps.guards"

    def ready(self) -> None:
        from hatchline.apps.guards import watch

        pre_migrate.connect(watch.before_migration, dispatch_uid="guards down")
        post_migrate.connect(watch.after_migration, dispatch_uid="guards up")
        connection_created.connect(watch.translate_violations, dispatch_uid="guards named")
