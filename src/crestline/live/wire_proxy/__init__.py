"""The wire between customers and a target, as a process of its own that can spoil it: ``proxy`` starts and commands it.

``condition`` says what a fault does to a request or a piece of an answer, ``relay`` carries bytes, ``asked`` finds
requests in them where whole requests are to fail, ``__main__`` is the process. Without a fault in force bytes pass
through untouched.
"""
