"""What is typed about places and people: cleaned here, saved by actions."""
