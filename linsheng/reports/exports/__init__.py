"""The month's figures as files."""
