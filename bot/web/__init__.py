"""What the service serves over HTTP: webhooks, health, metrics."""
