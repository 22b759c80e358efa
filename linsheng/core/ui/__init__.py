"""What things look like and are called on screen; ``templatetags/ui.py`` gives it to templates."""
