"""What the product speaks about: small frozen values, no input or output."""
