"""A Redis server of the tests' own. It keeps nothing: each start finds it empty."""

from __future__ import annotations

from shutil import which

import redis

from tests.services.server import PrivateServer, ServerError


class RedisServer(PrivateServer):
    name = "redis"

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def wipe(self) -> None:
        with self._client() as client:
            client.flushall()

    def _client(self) -> redis.Redis:
        return redis.Redis(port=self.port, socket_connect_timeout=5, socket_timeout=5)

    def _command(self) -> list[str]:
        program = which("redis-server")
        if program is None:
            raise ServerError("Redis is not installed; 'scripts/setup test' installs it")
        return [
            program,
            *("--bind", "127.0.0.1"),
            *("--port", str(self.port)),
            *("--dir", str(self.directory)),
            *("--save", ""),
            *("--appendonly", "no"),
            *("--daemonize", "no"),
        ]

    def _is_ready(self) -> bool:
        try:
            with self._client() as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False
