"""The exceptions of the package: one base, so that a caller can catch everything that is ours."""


class PerceptoriumError(Exception):
    """Anything that this package raises on purpose."""


class InvalidValue(PerceptoriumError, ValueError):
    """An argument that cannot be used; the message is one sentence that names it, its value and what would do."""
