"""What client SDKs ask of a service as a whole: its configuration, its templates, who is typing."""

import json
from urllib.parse import parse_qsl

from twilio_emulator.core.content import templates as contents
from twilio_emulator.core.content.templates import Content
from twilio_emulator.core.conversations import conversations, permissions
from twilio_emulator.core.conversations.resources import Participants
from twilio_emulator.core.kernel.refusals import MISSING_PARAMETER, Refused
from twilio_emulator.sdk.conversations import names
from twilio_emulator.sdk.twilsock.operations import AIM, ClientRequest, Operations, answered
from twilio_emulator.sdk.twilsock.tunnel import TunnelResponse
from twilio_emulator.wire.spelling import iso_milliseconds

MEDIA_HOST = "mcs.us1.twilio.com"
TYPING = "twilio.ipmsg.typing_indicator"
TYPING_TIMEOUT = 5
"""Seconds for which a client that types need not say so again."""

TEMPLATES_PAGE = 100


def declare(operations: Operations) -> None:
    """Declare the operations of this file."""

    @operations.on("GET", "Client/v2/Configuration")
    async def configuration(call: ClientRequest) -> TunnelResponse:
        return answered(_configuration(call))

    @operations.on("GET", "Client/v2/ContentTemplates")
    async def templates(call: ClientRequest) -> TunnelResponse:
        account_sid = call.caller.service.account_sid
        rows = contents.list_contents(call.world, account=account_sid)
        page, meta = call.page(rows, TEMPLATES_PAGE)
        return answered({"templates": [_template(each) for each in page], "meta": meta})

    # The second is where version 1 sends it, whatever it is told.
    @operations.on("POST", "v1/Instances/{service}/Typing", "v1/typing")
    async def type(call: ClientRequest) -> TunnelResponse:
        said = dict(parse_qsl(call.request.body.decode("utf-8", "replace")))
        if "ChannelSid" not in said:
            raise Refused(MISSING_PARAMETER, parameter="ChannelSid")
        _tell_of_typing(call, said["ChannelSid"])
        return answered({"typing_timeout": TYPING_TIMEOUT})


def _configuration(call: ClientRequest) -> dict[str, object]:
    caller = call.caller
    user = caller.user
    media = f"{caller.site.of(MEDIA_HOST)}/v1/Services/{caller.service_sid}"
    return {
        "identity": user.identity,
        "url": f"{AIM}/Client/v2/Configuration",
        "options": {
            "consumption_report_interval": "PT1S",
            # The real one says PT1S. A test that counts wants to see the count of now.
            "http_cache_interval": "PT0S",
            "user_infos_to_subscribe": 100,
            "reachability_enabled": caller.service.reachability_enabled,
            "my_conversations_page_size": 50,
            "media_attachments_count_limit": 10,
            "media_attachment_size_limit_in_mb": 150,
            "media_attachments_total_size_limit_in_mb": 150,
            "email_histories_allowed_mime_types": ["text/plain", "text/html"],
            "email_bodies_allowed_mime_types": ["text/plain", "text/html"],
        },
        "sync_objects": {
            "my_conversations": names.conversations_of(user.identity),
            "my_user_info": names.info_of(user.sid),
        },
        "links": {
            "my_conversations": f"{caller.root}/Users/{user.sid}/Conversations",
            "conversations": f"{caller.root}/Conversations",
            "users": f"{caller.root}/Users",
            "current_user": f"{caller.root}/Users/{user.sid}",
            "typing": f"{AIM}/v1/Instances/{caller.service_sid}/Typing",
            "media_service": f"{media}/Media",
            "media_set_service": f"{media}/MediaSet",
            "messages_receipts": f"{caller.root}/Conversations/%s/Messages/%s/Receipts",
        },
    }


def _template(it: Content) -> dict[str, object]:
    return {
        "sid": it.sid,
        "account_sid": it.account_sid,
        "friendly_name": it.friendly_name,
        "variables": it.variables,
        "variants": json.loads(it.types),
        "date_created": iso_milliseconds(it.date_created),
        "date_updated": iso_milliseconds(it.date_updated),
    }


def _tell_of_typing(call: ClientRequest, conversation_sid: str) -> None:
    """Let all others in a conversation see that a participant is typing."""
    caller, world = call.caller, call.world
    conversation = conversations.find(world, caller.service_sid, conversation_sid)
    permissions.require_member(world, caller.identity, conversation)
    typing = permissions.member_of(world, caller.identity, conversation)
    payload = {
        "channel_sid": conversation.sid,
        "identity": caller.identity,
        "participant_sid": typing and typing.sid,
        # One more than the typist is told, as a comment in the JavaScript SDK explains.
        "typing_timeout": TYPING_TIMEOUT + 1,
    }
    table = world[Participants]
    for participant in table.all(table.by_conversation, conversation.sid):
        if participant.identity not in (None, caller.identity):
            caller.notify(participant.identity, TYPING, payload)
