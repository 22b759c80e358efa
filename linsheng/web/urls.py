"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, path

from linsheng.web.views import channels, operations, webhooks
from linsheng.web.views.gallery import gallery
from linsheng.web.views.home import home

app_name = "web"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("settings/jobs/", operations.overview, name="operations"),
    path("settings/jobs/<int:job_id>/retry/", operations.retry_job, name="retry_job"),
    path("settings/deliveries/export/", operations.export_deliveries, name="export_deliveries"),
    path("settings/deliveries/<int:delivery_id>/retry/", operations.retry_delivery, name="retry_delivery"),
    path("settings/channels/", channels.overview, name="channels"),
    path("settings/channels/mail/test/", channels.test_mail, name="test_mail"),
    path("settings/channels/inbox/test/", channels.test_inbox, name="test_inbox"),
    path("settings/channels/new/<slug:provider>/", channels.new, name="new_channel"),
    path("settings/channels/<int:pk>/", channels.edit, name="channel"),
    path("settings/channels/<int:pk>/test/", channels.test, name="test_channel"),
    path("settings/channels/<int:pk>/remove/", channels.remove, name="remove_channel"),
    path("settings/webhooks/", webhooks.overview, name="webhooks"),
    path("settings/webhooks/new/", webhooks.new, name="new_webhook"),
    path("settings/webhooks/<int:pk>/", webhooks.edit, name="webhook"),
    path("settings/webhooks/<int:pk>/test/", webhooks.test, name="test_webhook"),
    path("settings/webhooks/<int:pk>/remove/", webhooks.remove, name="remove_webhook"),
    path("settings/webhooks/<int:pk>/<int:delivery_id>/again/", webhooks.again, name="tell_again"),
    path("gallery/", gallery, name="gallery"),
]
