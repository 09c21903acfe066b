"""A new version takes more and more of the contacts, and is promoted or rolled back: see DESIGN.md beside this file."""
