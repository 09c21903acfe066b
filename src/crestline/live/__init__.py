"""The live run: the same rows as the forecast, played through Locust against a real target.

``play`` is the run; ``injector``, ``customers``, ``agents``, ``standby``, ``faults`` and ``probe`` are what happens in
it, ``adapters`` how a target is spoken to, ``ledger`` what is written down and ``records`` how it is read back.
"""
