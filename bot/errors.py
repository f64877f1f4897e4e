"""Every error the product raises on purpose, each with a sentence on when.

Callers mostly ask one question: try again later, or never? `again` answers it.
No message here ever carries text, names or numbers of a chat message.
"""

from __future__ import annotations


class WongRaksaError(Exception):
    """Base of all our errors."""

    again = False


class SettingsError(WongRaksaError):
    """Raised at start when a setting is missing or wrong; names the variable."""


class UsageError(WongRaksaError):
    """Raised when a command cannot do what it was asked to; says what to do instead."""


class CaseStepError(WongRaksaError):
    """Raised when a case cannot take this step now; names the steps that it can take."""


class UnreadableBodyError(WongRaksaError):
    """Raised when a correctly signed webhook body cannot be read as events at all."""


class StoreUnavailableError(WongRaksaError):
    """Raised when the database cannot take or give rows now."""

    again = True


class LeaseLostError(WongRaksaError):
    """Raised when somebody else took over a row that we were working on."""


class NeedsOwnTransactionError(WongRaksaError):
    """Raised when a row that was only looked at turns out to change something."""

    again = True


class SealBrokenError(WongRaksaError):
    """Raised when a sealed value cannot be opened: key gone, or bytes changed."""


class LedgerBrokenError(WongRaksaError):
    """Raised when the ledger's own tables contradict each other, so that nothing may be signed."""


class LookerNotStartedError(WongRaksaError):
    """Raised when the process that looks cannot be started, or was closed: the fault of an
    installation or of its end, never of a picture."""

    again = True


class NotSentError(WongRaksaError):
    """Raised when the mail server did not take a message."""

    again = True


class PolicyError(WongRaksaError):
    """Raised at start when a decision table or catalogue is wrong; names file and line."""
