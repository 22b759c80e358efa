"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, path

from linsheng.messaging.views import inbox, outside, preferences

app_name = "messaging"
urlpatterns: list[URLPattern | URLResolver] = [
    path("notices/", inbox.inbox, name="inbox"),
    path("notices/read/", inbox.mark_all_read, name="mark_all_read"),
    path("notices/<int:notice_id>/open/", inbox.open_notice, name="open"),
    path("notices/<int:notice_id>/read/", inbox.mark_read, name="mark_read"),
    path("me/notices/", preferences.page, name="preferences"),
    path("me/notices/times/", preferences.times, name="times"),
    path("me/notices/wechat/<int:organisation_id>/code/", preferences.wechat_code, name="wechat_code"),
    path("me/notices/wechat/<int:organisation_id>/unlink/", preferences.unlink_wechat, name="unlink_wechat"),
    path("me/notices/push/", preferences.subscribe_push, name="subscribe_push"),
    path("me/notices/push/<int:pk>/remove/", preferences.unsubscribe_push, name="unsubscribe_push"),
    path("push-worker.js", preferences.push_worker, name="push_worker"),
    path("receipts/sms/<int:pk>/<str:token>/", outside.sms_receipts, name="sms_receipts"),
    path("wechat/<int:pk>/", outside.wechat, name="wechat"),
]
