"""The other end of the wire: local servers that speak a channel's protocol, and a phones page.

A process of its own. It knows nothing of the service, and the service never mounts it.
"""

from bot.sandbox.app import create_app
from bot.sandbox.phones import Phone, Step, Story
from bot.sandbox.remote import Remote, RemotePhone
from bot.sandbox.running import SandboxServer, running
from bot.sandbox.zalo_oa.state import OfficialAccount

__all__ = [
    "OfficialAccount",
    "Phone",
    "Remote",
    "RemotePhone",
    "SandboxServer",
    "Step",
    "Story",
    "create_app",
    "running",
]
