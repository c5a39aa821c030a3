"""The only place that touches a page: patching, painting, events, the clock.

Every class is given the browser's objects (``document``, ``window``); only `perceptorium.app` imports them.
"""
