"""How true and how cheap the load is: the injector beside stock Locust, on one loopback server."""
