"""A closed wave as files: respondents (.csv, .sav), what their columns mean (.json), tables and charts (.xlsx)."""
