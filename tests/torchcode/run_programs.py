"""Runs programs in real PyTorch, many in one process because importing torch takes seconds.

Reads a JSON object from standard input: name -> list of program texts, executed one after the other in one fresh
namespace (a script is one text, a notebook one for each cell). Writes a JSON object: name -> what was printed.
"""

import contextlib
import io
import json
import sys

import torch


def run(texts: list[str]) -> str:
    namespace: dict[str, object] = {"__name__": "__main__"}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        for text in texts:
            exec(compile(text, "<program>", "exec"), namespace)
    return printed.getvalue()


torch.set_num_threads(1)
torch.manual_seed(0)
json.dump({name: run(texts) for name, texts in json.load(sys.stdin).items()}, sys.stdout)
