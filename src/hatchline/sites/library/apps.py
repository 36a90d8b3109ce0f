from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "hatchline.sites.library"
    label = "library_pages"
