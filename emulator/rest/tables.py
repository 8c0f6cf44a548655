"""The tables of operations of all products, but for those that need something of the server's."""

from emulator.rest import (
    api_2010,
    content_v1,
    conversations_v1,
    flex_v2,
    iam_v1,
    messaging_v1,
    messaging_v2,
    monitor_v1,
    oauth,
)

oauth.declare(iam_v1.api, oauth.as_it_is, 201)

APIS = (
    conversations_v1.api,
    messaging_v1.api,
    messaging_v2.api,
    api_2010.api,
    content_v1.api,
    content_v1.api_v2,
    iam_v1.api,
    iam_v1.accounts_api,
    monitor_v1.api,
    flex_v2.api,
    *oauth.APIS,
)

REHEARSALS = (api_2010.rehearsals,)
"""What test credentials may do."""
