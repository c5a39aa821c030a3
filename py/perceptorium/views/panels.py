"""The page's panels: which view stands in which element. The build and the browser read the same table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import partial

from perceptorium.session import State
from perceptorium.views.code import code, code_frame
from perceptorium.views.concepts.activations import activations, activations_frame
from perceptorium.views.concepts.backprop import backprop, backprop_frame
from perceptorium.views.concepts.linear import linear, linear_frame
from perceptorium.views.concepts.losses import losses, losses_frame
from perceptorium.views.concepts.optimizers import optimizers, optimizers_frame
from perceptorium.views.concepts.tensors import tensors, tensors_frame
from perceptorium.views.control_bar import control_bar, control_bar_frame, control_bar_paint
from perceptorium.views.curves import curves, curves_frame, curves_paint
from perceptorium.views.diagram import diagram, diagram_frame, diagram_paint
from perceptorium.views.doctor import doctor, doctor_frame
from perceptorium.views.inspector import inspector, inspector_frame
from perceptorium.views.lab import lab_frame, lab_panel
from perceptorium.views.markup import Element
from perceptorium.views.menu import menu, menu_frame
from perceptorium.views.network_text import network_text, network_text_frame
from perceptorium.views.paint import Paint
from perceptorium.views.pipeline import pipeline, pipeline_frame, pipeline_paint
from perceptorium.views.playground import (
    playground,
    playground_doctor,
    playground_doctor_frame,
    playground_frame,
    playground_paint,
)
from perceptorium.views.timeline import timeline, timeline_frame


def _still(_: State) -> tuple[Paint, ...]:
    return ()


OWN = frozenset({"concepts", "lab", "pipeline", "xor"})
"""Fields of the state that belong to one section of the page each, and not to the workbench."""

WORKBENCH = tuple(field.name for field in fields(State) if field.name not in OWN)


@dataclass(frozen=True, slots=True)
class Parts:
    """A view in the forms that a panel needs.

    Attributes:
        view: the whole tree.
        frame: what the view shows, its moving parts apart; equal frames mean that painting is enough.
        paint: the moving parts, which say of every state what the view says.
        richer_at_first: the build writes more than the page could: it has what is loaded later.
        reads: the fields of the state that it depends on.
        pause_ms: while training runs, the view is brought up to date no sooner than this after the last time.
    """

    view: Callable[[State], Element]
    frame: Callable[[State], tuple[object, ...]]
    paint: Callable[[State], tuple[Paint, ...]] = _still
    pause_ms: float = 0.0
    richer_at_first: bool = False
    reads: tuple[str, ...] = WORKBENCH

    def unchanged(self, before: State, after: State) -> bool:
        """Whether the view has nothing to say that it had not said before."""
        return all(getattr(before, name) is getattr(after, name) for name in self.reads)


_concept = partial(Parts, richer_at_first=True, reads=("concepts", "highlighting"))

PANELS: Mapping[str, Parts] = {
    "menu": Parts(menu, menu_frame),
    "controls": Parts(control_bar, control_bar_frame, control_bar_paint),
    "diagram": Parts(diagram, diagram_frame, diagram_paint),
    "network-text": Parts(network_text, network_text_frame, pause_ms=1000.0),
    "charts": Parts(curves, curves_frame, curves_paint),
    "timeline": Parts(timeline, timeline_frame, pause_ms=250.0),
    "diagnosis": Parts(doctor, doctor_frame, pause_ms=500.0),
    "code": Parts(code, code_frame, richer_at_first=True),
    "inspector": Parts(inspector, inspector_frame, pause_ms=100.0),
    "xor-panel": Parts(playground, playground_frame, playground_paint, reads=("xor",)),
    "xor-diagnosis": Parts(playground_doctor, playground_doctor_frame, pause_ms=500.0, reads=("xor",)),
    "concept-tensors": _concept(tensors, tensors_frame),
    "concept-linear": _concept(linear, linear_frame),
    "concept-activations": _concept(activations, activations_frame),
    "concept-backprop": _concept(backprop, backprop_frame),
    "concept-optimizers": _concept(optimizers, optimizers_frame),
    "concept-losses": _concept(losses, losses_frame),
    "pipeline-panel": Parts(
        pipeline,
        pipeline_frame,
        pipeline_paint,
        richer_at_first=True,
        reads=("pipeline", "experiment", "start", "narrow", "highlighting"),
    ),
    "lab-panel": Parts(lab_panel, lab_frame, pause_ms=80.0, reads=("lab",)),
}
"""By the id of the panel's element, which is also the placeholder's name in ``index.html``."""
