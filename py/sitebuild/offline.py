"""The service worker: what it keeps, and the version that it is."""

import json
from collections.abc import Mapping

from sitebuild.digest import integrity, sha256
from sitebuild.errors import BuildError


def service_worker(template: str, page: bytes, files: Mapping[str, bytes]) -> bytes:
    """``sw.js`` with the files of this version: the page, and by their paths all others that it may ask for.

    The version is a hash of everything, so that the file changes exactly when something else does.
    """
    kept = [["", integrity(page)], *([path, integrity(data)] for path, data in sorted(files.items()))]
    version = sha256(json.dumps(kept).encode() + template.encode())[:10]
    for place, text in (('"build:version"', json.dumps(version)), ('["build:files"]', json.dumps(kept, indent=1))):
        if template.count(place) != 1:
            raise BuildError(f"web/sw.js has {place} {template.count(place)} times; the build fills it once.")
        template = template.replace(place, text)
    return template.encode()
