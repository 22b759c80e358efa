"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, path

from linsheng.accounts import views

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/second-step/", views.second_step, name="second_step"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("privacy/", views.privacy, name="privacy"),
    path("consent/", views.consent, name="consent"),
    path("preferences/", views.preferences, name="preferences"),
    path("me/", views.me, name="me"),
    path("me/password/", views.change_password, name="change_password"),
    path("me/sessions/end/", views.end_sessions, name="end_sessions"),
    path("me/second-step/", views.set_up_second_step, name="set_up_second_step"),
    path("me/second-step/off/", views.turn_off_second_step, name="turn_off_second_step"),
    path("me/tokens/", views.tokens, name="tokens"),
    path("me/tokens/<int:token_id>/revoke/", views.revoke_token, name="revoke_token"),
]
