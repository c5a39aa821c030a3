"""The nn.Module: one nn.Linear for each layer, one activation for all hidden ones, and forward()."""

from __future__ import annotations

from perceptorium.torchcode.program import FUNCTIONS, Program
from perceptorium.torchcode.source import Line, Part, Section

_WHAT_IT_DOES = {
    "ReLU": "keeps positive numbers and turns negative ones into 0",
    "Sigmoid": "squeezes every number into 0 to 1",
    "Tanh": "squeezes every number into -1 to 1",
}


def architecture(program: Program) -> Section:
    """The class of the network."""
    return Section(
        title="The network",
        introduction=(
            f"A class with one `nn.Linear` for each layer of weights: {' → '.join(map(str, program.sizes))} "
            "neurons. `__init__` makes the layers, `forward` says how data flows through them."
        ),
        lines=(
            Line(
                f"class {program.class_name}(nn.Module):",
                (Part("module"),),
                "A network is a class that inherits from nn.Module, which keeps track of its parameters.",
            ),
            Line("    def __init__(self):", (Part("module"),), "The constructor makes the layers, once."),
            Line(
                "        super().__init__()",
                (Part("module"),),
                "nn.Module must be set up before layers are assigned, or it could not register them.",
            ),
            *(_definition(program, layer) for layer in range(1, program.layers + 1)),
            *_activation(program),
            Line(""),
            Line(
                "    def forward(self, x):",
                (Part("module"),),
                "model(X) calls this method; x holds one row for each example.",
                f"x: {_shape(program, 0)}",
            ),
            *(_forward(program, layer) for layer in range(1, program.layers + 1)),
        ),
        space=2,
    )


def _definition(program: Program, layer: int) -> Line:
    inputs, outputs = program.sizes[layer - 1], program.sizes[layer]
    return Line(
        f"        self.fc{layer} = nn.Linear({inputs}, {outputs})",
        (Part("layer", layer),),
        f"Layer {layer} connects {_count(inputs, 'input')} to {_count(outputs, 'output')}: "
        f"{_count(inputs * outputs, 'weight')} and {_count(outputs, 'bias', 'biases')}.",
        f"fc{layer}.weight: ({outputs}, {inputs}), fc{layer}.bias: ({outputs},)",
    )


def _activation(program: Program) -> tuple[Line, ...]:
    if not program.hidden:
        return ()
    name = program.activation
    return (
        Line(
            f"        self.{FUNCTIONS[name]} = nn.{name}()",
            (Part("activation"),),
            f"{name} {_WHAT_IT_DOES[name]}; it has no parameters, so all hidden layers share it.",
        ),
    )


def _forward(program: Program, layer: int) -> Line:
    called = f"self.fc{layer}(x)"
    flow = f"x: {_shape(program, layer - 1)} → fc{layer}(x): {_shape(program, layer)}"
    if layer < program.layers:
        return Line(
            f"        x = self.{FUNCTIONS[program.activation]}({called})",
            (Part("forward", layer), Part("activation")),
            f"Layer {layer} computes z = x W + b, then {program.activation} gives each neuron's activation.",
            flow,
        )
    if program.logits:
        return Line(
            f"        return {called}",
            (Part("forward", layer),),
            "The output is a logit, any real number, because BCEWithLogitsLoss applies the sigmoid itself.",
            flow,
        )
    return Line(
        f"        return torch.sigmoid({called})",
        (Part("forward", layer),),
        "The last layer's z goes through a sigmoid, so that the output reads as a probability of class 1.",
        flow,
    )


def _shape(program: Program, layer: int) -> str:
    return f"({program.batch_rows}, {program.sizes[layer]})"


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
