"""Links and files: what is on screen as text, and the page as such a text sets it up."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

from perceptorium import messages as m
from perceptorium.engine import InvalidValue
from perceptorium.experiment import FIELDS, Experiment
from perceptorium.link import SECTIONS, TABLE, Link, pack, read, unpack, write
from perceptorium.session.setup import restart
from perceptorium.session.state import State

FORMAT = "perceptorium experiment"
LONGEST_FILE = 100_000
"""Characters of a file that are read; the largest network's takes 8,000."""


def open_link(state: State, fragment: str) -> State:
    """Start the experiment that a link describes, and say what of it was not understood."""
    link = read(fragment)
    state = restart(state, link.experiment, link.start())
    return replace(state, hide=link.hide, lock=link.lock, note=" ".join(link.complaints))


def link_of(state: State) -> Link:
    """What the learner wants to share."""

    def chosen(option: str) -> tuple[str, ...]:
        return tuple(name for name in (*FIELDS, *SECTIONS) if (option, name) in state.share)

    weights = pack(state.model) if ("weights", "weights") in state.share else _edited_start(state)
    return Link(state.experiment, weights, hide=chosen("hide"), lock=chosen("lock"))


def address_of(state: State) -> str:
    """What to remember of the state, as a link's fragment: the set-up, with its first weights if they were edited.

    What a teacher's link hides and locks holds for that link only.
    """
    return write(Link(state.experiment, _edited_start(state)))


def set_share(state: State, message: m.SetShare) -> State:
    """Tick or untick something in the form for links."""
    entry = {(message.option, message.name)}
    return replace(state, share=state.share | entry if message.on else state.share - entry)


def file_of(state: State) -> str:
    """The experiment with the network's present weights, as JSON."""
    weights = base64.b64encode(pack(state.model)).decode()
    return json.dumps({"format": FORMAT, "experiment": state.experiment.to_dict(), "weights": weights}, indent=1)


def open_file(state: State, text: str) -> State:
    """Start from a file that `file_of` wrote; InvalidValue, and nothing changed, if it is something else."""
    if len(text) > LONGEST_FILE or text.count("[") + text.count("{") > 100:
        raise InvalidValue("the file is too long or too deeply nested; it must be one that Save experiment wrote")
    try:
        content = json.loads(text)
        values, weights = content["experiment"], content["weights"]
        if content["format"] != FORMAT or not isinstance(weights, str):
            raise KeyError
        parameters = base64.b64decode(weights, validate=True)
    except (ValueError, KeyError, TypeError):
        raise InvalidValue("the file is not a saved experiment; it must be one that Save experiment wrote") from None
    experiment = Experiment.from_json(json.dumps(values))
    TABLE["weights"].check("weights", parameters)
    return restart(state, experiment, unpack(parameters, experiment.model()))


def history_csv(state: State) -> str:
    """Loss and accuracy by epoch, with a heading."""
    history = state.history
    rows = zip(history.epoch.tolist(), history.loss.tolist(), history.accuracy.tolist(), strict=True)
    return "epoch,loss,accuracy\n" + "".join(f"{epoch},{loss!r},{accuracy!r}\n" for epoch, loss, accuracy in rows)


def _edited_start(state: State) -> bytes | None:
    """The first weights, where they are not simply those of the seed."""
    start = pack(state.start)
    return None if start == pack(state.experiment.model()) else start
