"""The command line: ``python -m sitebuild COMMAND``. The Makefile is the list of what it is used for."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from sitebuild import browser, formulas, paths, tools
from sitebuild.build import build, build_single_file, fetch_runtime
from sitebuild.errors import SiteError
from sitebuild.release import release
from sitebuild.serve import serve


def main(arguments: list[str] | None = None) -> int:
    """Run one command; what goes wrong on purpose is one sentence on stderr and exit code 1."""
    parser = argparse.ArgumentParser(prog="python -m sitebuild", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, summary: str, act: Callable[[argparse.Namespace], None]) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=summary, description=summary)
        sub.set_defaults(act=act)
        return sub

    npm = command("npm", "install the pinned npm packages", lambda options: tools.npm_install(options.folder))
    npm.add_argument("--folder", type=Path, default=paths.ROOT, help="whose package.json; the checkout's unless given")
    command("vendor", "fetch the browser runtime into the cache", lambda _: print(fetch_runtime()[1]))
    command("build", "write dist/", lambda _: print(f"Built {build()}"))
    command("formulas", "turn LaTeX into the page's MathML", lambda _: print(f"Wrote {formulas.write()}"))
    command("single-file", "write dist/perceptorium.html", lambda _: print(f"Built {build_single_file()}"))
    command("release", "zip the site and the one file for teachers", lambda _: print(f"Built {release()}"))
    command("browser", "find or install a Chromium and print its path", lambda _: print(browser.install()))
    server = command("serve", "serve dist/ on localhost", lambda options: serve(options.folder, options.port))
    server.add_argument("--port", type=int, default=8000, help="8000 unless given; 0 takes a free one")
    server.add_argument("--folder", type=Path, default=paths.DIST, help="dist/ unless given")

    options = parser.parse_args(arguments)
    try:
        options.act(options)
    except SiteError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
