"""What sitebuild raises when it cannot go on. The command line prints the sentence; nobody needs the traceback."""


class SiteError(Exception):
    """Base of everything sitebuild raises on purpose; its text is one sentence for the person at the terminal."""


class VendorError(SiteError):
    """A file of the browser runtime could not be had, or is not the file that its lock describes."""


class BuildError(SiteError):
    """The page and what should be built into it do not fit together."""


class ServeError(SiteError):
    """The site cannot be served as asked."""


class ToolError(SiteError):
    """A program that sitebuild needs (npm, Chromium) is neither here nor installable."""
