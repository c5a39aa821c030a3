"""A neural-network laboratory for people who are learning PyTorch: Python, in the browser."""

__version__ = "0.1.0"
