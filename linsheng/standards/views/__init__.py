"""Pages of the service tree, the promises and the calendars."""
