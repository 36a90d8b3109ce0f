"""Routes of the desk."""

from django.urls import path

from hatchline.sites import forms
from hatchline.sites.desk import (
    additions,
    applications,
    figures,
    handovers,
    home,
    institutions,
    ladder,
    questions,
    stays,
    team,
    ventures,
)
from hatchline.sites.inbox.routes import routes as inbox_routes
from hatchline.sites.rooms.routes import routes as room_routes
from hatchline.sites.team.routes import routes as team_routes

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("institutions/", institutions.listing, name="institutions"),
    path("institutions/<int:pk>/", institutions.profile, name="institution"),
    path("institutions/<int:pk>/amend/", institutions.amend, name="institution_amend"),
    path("institutions/<int:pk>/files/", institutions.upload, name="institution_upload"),
    path("institutions/<int:pk>/team/", team.team, name="institution_team"),
    path("institutions/<int:pk>/titles/", team.titles, name="institution_titles"),
    path("institutions/<int:pk>/ladder/", ladder.institution, name="institution_ladder"),
    path("institutions/<int:pk>/rules/<slug:name>/", ladder.institution_evaluation, name="institution_evaluation"),
    *team_routes(record="team.record_own"),
    path("drafts/", forms.draft, name="draft"),
    path("ventures/", ventures.listing, name="ventures"),
    path("ventures/take-on/", stays.take_on, name="stay_take_on"),
    path("mine/", ventures.mine, name="mine"),
    path("ventures/<int:pk>/", ventures.venture, name="venture"),
    path("ventures/<int:pk>/ladder/", ladder.venture, name="venture_ladder"),
    path("ventures/<int:pk>/rules/<slug:name>/", ladder.venture_evaluation, name="venture_evaluation"),
    path("ventures/<int:pk>/who-sees/", ventures.who_sees, name="venture_who_sees"),
    path("ventures/<int:pk>/figures/", figures.figures, name="venture_figures"),
    path("ventures/<int:pk>/incorporate/", additions.incorporate, name="venture_incorporate"),
    path("ventures/<int:pk>/founders/", additions.founder, name="venture_founder"),
    path("ventures/<int:pk>/rights/", additions.right, name="venture_right"),
    path("ventures/<int:pk>/funding/", additions.funding, name="venture_funding"),
    path("stays/<int:pk>/confirm/", stays.confirm, name="stay_confirm"),
    path("stays/<int:pk>/dispute/", stays.dispute, name="stay_dispute"),
    path("stays/<int:pk>/graduate/", stays.graduate, name="stay_graduate"),
    path("stays/<int:pk>/leave/", stays.leave, name="stay_leave"),
    path("stays/<int:pk>/offer/", handovers.offer, name="stay_offer"),
    path("apply/", applications.apply, name="apply"),
    path("applications/", applications.listing, name="applications"),
    path("applications/<int:pk>/", applications.application, name="application"),
    path("applications/<int:pk>/admit/", applications.admit, name="application_admit"),
    path("applications/<int:pk>/refuse/", applications.refuse, name="application_refuse"),
    path("applications/<int:pk>/recall/", applications.recall, name="application_recall"),
    path("handovers/", handovers.listing, name="handovers"),
    path("handovers/<int:pk>/", handovers.handover, name="handover"),
    path("handovers/<int:pk>/consent/", handovers.consent, name="handover_consent"),
    path("handovers/<int:pk>/stop/", handovers.stop, name="handover_stop"),
    path("handovers/<int:pk>/decline/", handovers.decline, name="handover_decline"),
    path("handovers/<int:pk>/accept/", handovers.accept, name="handover_accept"),
    path("handovers/<int:pk>/complete/", handovers.complete, name="handover_complete"),
    path("questions/", questions.listing, name="questions"),
    path("questions/<int:pk>/", questions.question, name="question"),
    path("questions/<int:pk>/reply/", questions.reply, name="question_reply"),
    *room_routes(see="premises.record_own", record="premises.record_own"),
    *inbox_routes(),
]
