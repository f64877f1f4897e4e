"""What is reached over HTTP: LINE's webhook, the health checks, and later the console."""
