"""What calls about Verify say of the things that they are about."""

from twilio_emulator.control.exchange import Mistaken
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify import services


def default_service(world: World, account_sid: str) -> str:
    """The first Verify service of an account, for calls that name none.

    Raises:
        Mistaken: it has none.
    """
    listed = list(services.list_verify_services(world, account=account_sid))
    if not listed:
        raise Mistaken("the account has no Verify service", 404)
    return listed[-1].sid
