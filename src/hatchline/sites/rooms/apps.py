from django.apps import AppConfig


class RoomsConfig(AppConfig):
    name = "hatchline.sites.rooms"
    label = "rooms_pages"
