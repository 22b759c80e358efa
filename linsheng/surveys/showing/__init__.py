"""The result of a wave as its pages show it: figures in words, rows of tables, charts with their message as title."""
