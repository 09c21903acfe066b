"""A small real service desk to rehearse against: bot, queues, agents, faults (see DESIGN.md beside this file).

It shares no code with what judges it and imports nothing of Crestline but ``units`` and ``errors``.
"""
