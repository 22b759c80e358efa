"""A company's rules for its cases."""

from linsheng.feedback.models import FeedbackSettings


def settings_of(organisation_id: int) -> FeedbackSettings:
    """The company's settings; the defaults where it has none of its own."""
    found = FeedbackSettings.objects.filter(organisation=organisation_id).first()
    return found or FeedbackSettings(organisation_id=organisation_id)
