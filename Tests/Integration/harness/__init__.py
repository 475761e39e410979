"""What the integration tests start, speak to and watch."""
