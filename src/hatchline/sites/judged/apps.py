from django.apps import AppConfig


class JudgedConfig(AppConfig):
    name = "hatchline.sites.judged"
    label = "judged_pages"
