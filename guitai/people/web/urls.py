"""Addresses of people."""

from django.urls import include, path

from guitai.people.web import headless
from guitai.people.web.views import freeze, me, sign_in, sign_up, staff

app_name = "people"
urlpatterns = [
    path("sign-up/", sign_up.sign_up, name="sign_up"),
    path("sign-up/password/", sign_up.sign_up_password, name="sign_up_password"),
    path("sign-up/code/", sign_up.sign_up_code, name="sign_up_code"),
    path("sign-up/name/", sign_up.sign_up_name, name="sign_up_name"),
    path("sign-up/pin/", sign_up.sign_up_pin, name="sign_up_pin"),
    path("agreement/", sign_up.show_agreement, name="agreement"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in.sign_in_code, name="sign_in_code"),
    path("sign-in/code/enter/", sign_in.sign_in_code_enter, name="sign_in_code_enter"),
    path("sign-in/second-step/", sign_in.second_step, name="second_step"),
    path("sign-in/forgotten/", sign_in.forgotten, name="forgotten"),
    path("sign-in/forgotten/code/", sign_in.forgotten_code, name="forgotten_code"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("freeze/", freeze.freeze, name="freeze"),
    path("freeze/code/", freeze.freeze_code, name="freeze_code"),
    path("freeze/done/", freeze.freeze_done, name="freeze_done"),
    path("me/", me.me, name="me"),
    path("me/pin/", me.pin, name="pin"),
    path("me/standing/", me.standing, name="standing"),
    path("staff/sign-in/", staff.staff_sign_in, name="staff_sign_in"),
    path("staff/code/", staff.staff_code, name="staff_code"),
    path("staff/enrol/", staff.staff_enrol, name="staff_enrol"),
    path("_allauth/app/v1/", include(headless.urlpatterns)),
]
