from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "hatchline.sites.inbox"
    label = "inbox_pages"  # the tables of messages have the label inbox
