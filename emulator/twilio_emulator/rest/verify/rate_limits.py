"""Rate limits and their buckets by REST (https://www.twilio.com/docs/verify/api/service-rate-limits)."""

from twilio_emulator.core.verify import rate_limits
from twilio_emulator.core.verify.rate_limits import (
    AddRateLimit,
    AddRateLimitBucket,
    RateLimit,
    RateLimitBucket,
    RemoveRateLimit,
    RemoveRateLimitBucket,
    UpdateRateLimit,
    UpdateRateLimitBucket,
)
from twilio_emulator.rest.verify.services import LARGEST_PAGE
from twilio_emulator.wire.calls import Call
from twilio_emulator.wire.operations import ROOT, Api
from twilio_emulator.wire.spelling import iso

LIMITS = "/Services/{service}/RateLimits"


def declare(api: Api) -> None:
    """Declare the operations of this file."""
    api.collection(
        LIMITS,
        "/{rate_limit}",
        rate_limit,
        key="rate_limits",
        list=rate_limits.list_rate_limits,
        create=AddRateLimit,
        fetch=rate_limits.fetch_rate_limit,
        update=UpdateRateLimit,
        delete=RemoveRateLimit,
        page_max=LARGEST_PAGE,
        where=ROOT,
    )
    api.collection(
        f"{LIMITS}/{{rate_limit}}/Buckets",
        "/{bucket}",
        bucket,
        key="buckets",
        list=rate_limits.list_buckets,
        create=AddRateLimitBucket,
        fetch=rate_limits.fetch_bucket,
        update=UpdateRateLimitBucket,
        delete=RemoveRateLimitBucket,
        page_max=LARGEST_PAGE,
        where=ROOT,
    )


def rate_limit(it: RateLimit, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/verify/api/service-rate-limits"""
    url = _url(it.service_sid, it.sid, call)
    return {
        "sid": it.sid,
        "service_sid": it.service_sid,
        "account_sid": it.account_sid,
        "unique_name": it.unique_name,
        "description": it.description,
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "url": url,
        "links": {"buckets": f"{url}/Buckets"},
    }


def bucket(it: RateLimitBucket, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/verify/api/service-rate-limit-buckets"""
    return {
        "sid": it.sid,
        "rate_limit_sid": it.rate_limit_sid,
        "service_sid": it.service_sid,
        "account_sid": it.account_sid,
        "max": it.max,
        "interval": it.interval,
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "url": f"{_url(it.service_sid, it.rate_limit_sid, call)}/Buckets/{it.sid}",
    }


def _url(service_sid: str, sid: str, call: Call) -> str:
    return f"{call.root}/Services/{service_sid}/RateLimits/{sid}"
