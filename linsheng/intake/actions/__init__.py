"""What the ways in do: each way has its own module."""
