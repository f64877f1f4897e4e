"""What the process that looks gives up before it is handed anything: the network, files, memory."""

from __future__ import annotations

import ctypes
import os
import resource
import select
import signal
import threading

from bot.seeing.limits import MB

_NEW_NETWORK, _NEW_USER = 0x40000000, 0x10000000
_FILES_MOST = 128
_NICENESS = 5
# The parent watches what is really used; this is for the one allocation that comes between two
# looks at it, and counts what is set aside too.
_SET_ASIDE = 1.5


def leave_network() -> None:
    """A network of its own, with nothing in it. Only before the first thread, and only where the
    system lets ordinary users do so: elsewhere the process goes on with what it has."""
    ctypes.CDLL(None, use_errno=True).unshare(_NEW_USER | _NEW_NETWORK)


def die_with_parent(pipe: int) -> None:
    """The parent's end of the pipe closes when it dies, however it dies."""

    def watch() -> None:
        poll = select.poll()
        poll.register(pipe, 0)  # Asked for nothing, it still tells that the other end is gone.
        poll.poll()
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def give_up_rights(memory_mb: int) -> None:
    """After everything is loaded: no file can grow, no memory is dumped, little can be opened."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # Writing then fails, instead of killing.
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, _FILES_MOST)
    _limit(resource.RLIMIT_DATA, int(memory_mb * MB * _SET_ASIDE))
    os.nice(_NICENESS)


def _limit(what: int, most: int) -> None:
    """As low as asked, or as low as it is already."""
    hard = resource.getrlimit(what)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))
