"""Threads that deliver what is due, for as long as the sandbox runs."""

import threading
from dataclasses import dataclass, field

from bot.sandbox.world import World

POLL_SECONDS = 0.01


@dataclass
class Pump:
    """One worker keeps the order of events; more let bodies overtake one another."""

    world: World
    workers: int = 1
    _stopping: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        for number in range(self.workers):
            thread = threading.Thread(target=self._run, name=f"courier-{number}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stopping.is_set():
            parcel = self.world.take_due()
            if parcel is None:
                self._stopping.wait(POLL_SECONDS)
            else:
                self.world.carry(parcel)
