from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "hatchline.apps.messages"
    label = "inbox"  # django.contrib.messages already has the other label
