"""The command: one file per verb, which parses, calls, prints and exits."""
