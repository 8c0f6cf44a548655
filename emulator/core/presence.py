"""Users who come online with a client SDK: who connects for the first time becomes one by that."""

from typing import TYPE_CHECKING

from emulator.core import services, users
from emulator.core.plain import command
from emulator.core.users import User

if TYPE_CHECKING:
    from emulator.core.world import World


@command
class ConnectUser:
    """The first client of an identity has connected."""

    service: str
    identity: str

    def apply(self, world: "World") -> User:
        service = services.find(world, self.service)
        users.check_identity(self.identity)
        user = users.ensure(world, service, self.identity)
        return users.reach(world, user, is_online=True)
