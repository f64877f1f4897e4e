"""Finds patient data in text. Pure: text in, findings out."""
