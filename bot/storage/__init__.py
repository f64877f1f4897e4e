"""Keeps things: tables, sealing, the queue in the inbox, what is to be told, the ledger."""
