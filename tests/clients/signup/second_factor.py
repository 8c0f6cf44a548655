"""A Django site whose second factor is django-twilio-2fa, told nothing but account and service.

Each line that comes in is a call of its pages, such as `["send", {"method": "sms"}]`; each that
goes out is what the browser gets, `[200, {...}]`. One session lasts as long as the program.
"""

import json
import os
import sys
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.http import HttpRequest
from django.test import Client
from django.urls import include, path

PHONE = sys.argv[1]
EMAIL = "ann@example.com"


def phone_of(*, user: Any) -> Any:
    """The number that the signed-in person has given, of which the site knows the line."""
    from django_twilio_2fa.client import TwoFAClient

    return TwoFAClient.check_phone_number(PHONE, "US")


def email_of(*, user: Any) -> Any:
    """The address that the signed-in person has given."""
    from django_twilio_2fa.options import Email

    return Email(EMAIL)


def name_of(*, request: HttpRequest) -> str:
    """What the site calls itself in the text."""
    return "Kettles"


settings.configure(
    ALLOWED_HOSTS=["testserver"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django_twilio_2fa",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    REST_FRAMEWORK={"UNAUTHENTICATED_USER": None},
    ROOT_URLCONF=__name__,
    SECRET_KEY="of no account",
    TIME_ZONE="UTC",  # the library takes its own times for those of this zone
    USE_TZ=True,
    TWILIO_2FA_ACCOUNT_SID=os.environ["TWILIO_ACCOUNT_SID"],
    TWILIO_2FA_AUTH_TOKEN=os.environ["TWILIO_AUTH_TOKEN"],
    TWILIO_2FA_SERVICE_ID=os.environ["TWILIO_VERIFY_SERVICE_SID"],
    TWILIO_2FA_ALLOWED_METHODS=["sms", "call", "email", "whatsapp"],
    TWILIO_2FA_SEND_COOLDOWN=-1,
    TWILIO_2FA_SERVICE_NAME=name_of,
    TWILIO_2FA_USER_EMAIL_CB=email_of,
    TWILIO_2FA_USER_PHONE_NUMBER_CB=phone_of,
)
django.setup()
urlpatterns = [path("2fa/", include("django_twilio_2fa.api.urls"))]
call_command("migrate", verbosity=0)

ann = apps.get_model("auth", "User").objects.create_user("ann")
browser = Client()
browser.force_login(ann)
for line in sys.stdin:
    page, said = json.loads(line)
    answer = browser.post(f"/2fa/{page}", said, content_type="application/json")
    sys.stdout.write(f"{json.dumps([answer.status_code, answer.json()])}\n")
    sys.stdout.flush()
