"""A Django app whose second factor is a code by text: django-otp-twilio, told nothing but accounts.

It sends a code, reads what somebody types, and says whether that was it.
"""

import os
import sys

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "otp_twilio"],
    OTP_TWILIO_ACCOUNT=os.environ["TWILIO_ACCOUNT_SID"],
    OTP_TWILIO_AUTH=os.environ["TWILIO_AUTH_TOKEN"],
    OTP_TWILIO_FROM=os.environ["TWILIO_PHONE_NUMBER"],
    OTP_TWILIO_TOKEN_TEMPLATE="Your code is {token}",
)
django.setup()
call_command("migrate", verbosity=0)
user = apps.get_model("auth", "User").objects.create_user("ann")
device = apps.get_model("otp_twilio", "TwilioSMSDevice").objects.create(
    user=user, number=sys.argv[1]
)
device.generate_challenge()
sys.stdout.write("sent\n")
sys.stdout.flush()
sys.stdout.write(f"{device.verify_token(sys.stdin.readline().strip())}\n")
