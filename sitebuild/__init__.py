"""What runs on a developer's machine: fetch the browser runtime, build ``dist/``, serve it, find a browser."""
