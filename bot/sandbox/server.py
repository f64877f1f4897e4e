"""A running sandbox: the HTTP server and the couriers, in threads of this process."""

import threading
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from bot.sandbox.platform import Platform
from bot.sandbox.pump import Pump
from bot.sandbox.web.app import make_app


class QuietHandler(WSGIRequestHandler):
    """Paths hold user ids and queries hold tokens: neither belongs in a log."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        del code, size


@dataclass
class SandboxServer:
    """Serve a platform on a port (0: any free one) and deliver its webhooks."""

    platform: Platform
    host: str = "127.0.0.1"
    port: int = 0
    couriers: int = 1
    app: Flask | None = None
    _server: BaseWSGIServer = field(init=False, repr=False)
    _thread: threading.Thread = field(init=False, repr=False)
    _pump: Pump = field(init=False, repr=False)

    def start(self) -> None:
        app = self.app or make_app(self.platform)
        self._server = make_server(
            self.host, self.port, app, threaded=True, request_handler=QuietHandler
        )
        self.port = self._server.server_port
        self._pump = Pump(self.platform.world, self.couriers)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()
        self._pump.start()

    def stop(self) -> None:
        self._pump.stop()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)

    def wait(self) -> None:
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
