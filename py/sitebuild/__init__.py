"""What runs on a developer's machine: fetch the runtime, build ``dist/``, serve it, find a browser."""
