"""Webhooks as LINE sends them, in any number: made from a seed, signed, sent until answered."""
