"""The names of Twilio's that an alias or a hosts file has to lead to an emulator, on port 443.

The rules of this file:

- No alias stands for all names of a domain, so they are listed: each host that Twilio's libraries
  call, and those that its client SDKs do.
- Products that are not emulated are in it too. A request for one gets Twilio's 404 here; without
  an alias it would go to Twilio, with the credentials that it carries.
"""

from typing import Final

PRODUCTS: Final = (
    "accounts",
    "api",
    "bulkexports",
    "chat",
    "content",
    "conversations",
    "events",
    "flex-api",
    "frontline-api",
    "iam",
    "insights",
    "intelligence",
    "ip-messaging",
    "knowledge",
    "lookups",
    "marketplace",
    "memory",
    "messaging",
    "monitor",
    "notify",
    "numbers",
    "oauth",
    "preview",
    "preview-iam",
    "pricing",
    "proxy",
    "routes",
    "serverless",
    "studio",
    "supersim",
    "sync",
    "taskrouter",
    "trunking",
    "trusthub",
    "verify",
    "video",
    "voice",
    "webhooks",
    "wireless",
)
"""What stands before `.twilio.com` in the base URLs of Twilio's libraries
(https://github.com/twilio/twilio-python/tree/main/twilio/rest)."""

OF_SDKS: Final = (
    "aim.us1.twilio.com",
    "cds.us1.twilio.com",
    "ers.us1.twilio.com",
    "mcs.us1.twilio.com",
    "media.us1.twilio.com",
    "tsock.us1.twilio.com",
)
"""What client SDKs call in the region that they are in unless an app says otherwise."""

HOSTS: Final = (*(f"{product}.twilio.com" for product in PRODUCTS), *OF_SDKS)
