"""`python -m bot.sandbox`: LINE, on this machine, for trying the product without an account."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence

from bot.sandbox.cast import assemble, introduce
from bot.sandbox.inspection import Inspection
from bot.sandbox.platform import Platform
from bot.sandbox.server import SandboxServer
from bot.sandbox.web.app import LOCAL_NAMES, Face, make_app
from bot.sandbox.world import Channel

SECRET_VARIABLE = "SANDBOX_CHANNEL_SECRET"  # noqa: S105 - the name of a variable
TOKEN_VARIABLE = "SANDBOX_CHANNEL_ACCESS_TOKEN"  # noqa: S105 - the name of a variable


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--webhook", default="", help="where the bot takes its webhooks")
    parser.add_argument("--inspect", default="", help="where the bot accounts for an event")
    parser.add_argument("--secret", default=os.environ.get(SECRET_VARIABLE, ""))
    parser.add_argument("--token", default=os.environ.get(TOKEN_VARIABLE, ""))
    parser.add_argument("--couriers", type=int, default=1, help="webhooks under way at once")
    parser.add_argument("--empty", action="store_true", help="no people and no groups")
    parser.add_argument(
        "--introduce", action="store_true", help="let the groups invite the bot once it answers"
    )
    parser.add_argument(
        "--until-eof", action="store_true", help="end when standard input ends, as with a parent"
    )
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    given = parse(arguments)
    if not given.secret:
        return refuse(f"a channel secret is needed: --secret or {SECRET_VARIABLE}")
    try:
        channel = Channel(given.secret, given.token)
    except ValueError as error:
        return refuse(f"{error}: --token or {TOKEN_VARIABLE}")
    server = make_server(channel, given)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if given.until_eof:
        threading.Thread(target=end_with_input, daemon=True).start()
    return run(server)


def end_with_input() -> None:
    """Whoever started us holds the other end: killed or not, it closes when they are gone."""
    # The plain file: a buffered one is locked while it waits, and Python stumbles over it at exit.
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def make_server(channel: Channel, given: argparse.Namespace) -> SandboxServer:
    platform = Platform(channel, given.webhook)
    if not given.empty:
        assemble(platform, has_bot=not given.introduce)
    if given.introduce:
        threading.Thread(target=introduce, args=(platform,), daemon=True).start()
    inspection = Inspection(given.inspect, channel.access_token)
    app = make_app(platform, Face(LOCAL_NAMES | {given.host}, inspection))
    return SandboxServer(platform, given.host, given.port, given.couriers, app)


def run(server: SandboxServer) -> int:
    with server:
        sys.stdout.write(f"LINE sandbox: {server.url}\n")
        sys.stdout.flush()
        try:
            server.wait()
        except KeyboardInterrupt:
            return 0
    return 0


def refuse(reason: str) -> int:
    sys.stderr.write(f"sandbox: {reason}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
