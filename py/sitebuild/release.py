"""``release/perceptorium-VERSION.zip``: what a teacher hands out, the site and the one file, with instructions."""

import tomllib
from pathlib import Path

from sitebuild import paths
from sitebuild.build import build, build_single_file
from sitebuild.bundle import archive
from sitebuild.single import NAME
from sitebuild.vendor import place


def release(root: Path = paths.ROOT) -> Path:
    """Build everything and zip it."""
    version = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    dist = build()
    page = build_single_file(dist)
    # For servers that know them; in a folder that is copied they would only be twice the size.
    kept = [path for path in sorted(dist.rglob("*")) if path.is_file() and path.suffix not in (".gz", ".br")]
    files = {f"perceptorium/site/{p.relative_to(dist).as_posix()}": p.read_bytes() for p in kept if p != page}
    files |= {f"perceptorium/{NAME}": page.read_bytes(), "perceptorium/OFFLINE.md": (root / "OFFLINE.md").read_bytes()}
    path = root / "release" / f"perceptorium-{version}.zip"
    place(path, archive(files))
    path.chmod(0o644)
    return path
