"""Pages of notices, and what the world outside calls."""
