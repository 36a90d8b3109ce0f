"""Two managers decide one application in the same moment: one decision stands, and the founder hears of one."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from django.db import OperationalError, connections

from hatchline.apps.messages import queries as told
from hatchline.apps.ventures.models import Application, Stay
from hatchline.core.values.dates import PartialDate
from hatchline.core.values.refusal import Refused
from hatchline.journeys import steps
from tests.sites.desk.people import NOW, TODAY, founder, place, someone, venture

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]


def test_two_managers_decide_one_application():
    nursery, who = place("望京苗圃", "nursery"), founder()
    other = someone("manager", nursery.operator, "另一位经理")
    asked = {"institution": nursery.institution.pk, "stage": "nursery", "now": NOW, "today": TODAY}
    application = steps.apply(venture("听雨团队", who), by=who.person, role_kind="founder", **asked)
    start, outcomes = threading.Barrier(2), []
    done = {"now": NOW, "today": TODAY, "role_kind": "manager"}
    acts = [
        lambda: steps.admit(application, starts=PartialDate.of("2017-07-01"), by=nursery.manager.person, **done),
        lambda: steps.refuse(application, reason="没有工位", by=other.person, **done),
    ]

    def run(act) -> None:
        try:
            connections["default"].ensure_connection()
            start.wait()
            act()
            outcomes.append("done")
        except Refused as refused:
            outcomes.append(refused.refusal.code)
        except OperationalError as error:
            outcomes.append(str(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(outcomes) == Counter(done=1, already_decided=1)
    stands = Application.objects.get()
    assert Stay.objects.count() == (1 if stands.status == "admitted" else 0)
    heard = [message.kind for message in told.of(who.person)]
    assert heard == [f"ventures.application.{stands.status}"]
