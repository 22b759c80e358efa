"""One line an app; each app's own ``urls.py`` says the rest."""

from django.urls import include, path

urlpatterns = [
    # First, for all others begin with nothing: whatever is asked of the API would be compared with every page.
    path("api/v1/", include("linsheng.api.urls")),
    path("", include("linsheng.web.urls")),
    path("", include("linsheng.accounts.urls")),
    path("", include("linsheng.jobs.urls")),
    path("", include("linsheng.messaging.urls")),
    path("", include("linsheng.communities.urls")),
    path("", include("linsheng.standards.urls")),
    path("", include("linsheng.feedback.urls")),
    path("", include("linsheng.intake.urls")),
    path("", include("linsheng.surveys.urls")),
    path("", include("linsheng.reports.urls")),
    path("", include("linsheng.audit.urls")),
]
