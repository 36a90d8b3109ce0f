"""Tables that exist in tests alone, one for each kind of guard."""

from django.apps import AppConfig


class SampleConfig(AppConfig):
    name = "tests.apps.guards.sample"
    label = "guard_sample"
