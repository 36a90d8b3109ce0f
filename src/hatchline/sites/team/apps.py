from django.apps import AppConfig


class TeamConfig(AppConfig):
    name = "hatchline.sites.team"
    label = "team_pages"
