"""What the ways in show: each way has its own module."""
