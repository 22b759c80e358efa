"""An app for real worker processes that are killed: its jobs tell people things."""
