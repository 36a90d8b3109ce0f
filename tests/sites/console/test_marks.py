"""Words of statuses and kinds are kept between pages: never those of another enumeration with the same value."""

from django.utils.translation import override

from hatchline.apps.bodies.models import TypeOfBody
from hatchline.apps.institutions.models import Kind
from hatchline.sites.console import marks


def test_equal_values_of_two_enumerations_keep_their_own_words():
    assert Kind.INCUBATOR == TypeOfBody.INCUBATOR
    with override("zh-hans"):
        for each in (TypeOfBody.INCUBATOR, Kind.INCUBATOR):
            assert marks.label(each) == str(each.label)
        for each in (TypeOfBody.INCUBATOR, Kind.INCUBATOR):
            assert str(each.label) in marks.status(each)
    with override("en"):
        assert marks.label(Kind.INCUBATOR) == "Incubator"
