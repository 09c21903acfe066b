"""The whole chain: customers, the bot, agents, standby and faults of one scenario, played by ``locust``.

locust                                                      the web page, against a reference desk of its own
locust --headless --scenario promotion-day --level 150%     another scenario, as hard as you like
locust --headless --host http://127.0.0.1:8000              your own target
"""

from crestline.locustfile import Customers

__all__ = ["Customers"]
