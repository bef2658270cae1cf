"""MiniLM's file with the parts of each layer as one operation: the same sums over the same weights, in fewer steps.

The file as it is exported spells attention, its masks and GELU out in 385 steps, which onnxruntime does not put together
by itself. It holds BERT's six layers, whose weights are found by the names of their biases.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import onnx
from onnx import TensorProto, helper

_LAYERS, _HEADS, _WIDTH = 6, 12, 384
_EPSILON = 1e-12
_FUSED = "com.microsoft"
_EMBEDDINGS = "inner.embeddings."


def fused(model: bytes) -> bytes:
    """A graph of one text: `input_ids`, int32 `(1, n)`, without padding; `pooled`, float32 `(384,)`, their mean.

    Raises KeyError where the file is not the one that this knows.
    """
    graph = onnx.load_from_string(model).graph
    rewritten = _Rewritten(graph)
    rewritten.layers()
    made = helper.make_graph(
        rewritten.nodes,
        "minilm",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT32, [1, "tokens"])],
        [helper.make_tensor_value_info("pooled", TensorProto.FLOAT, [_WIDTH])],
        initializer=rewritten.constants(),
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(_FUSED, 1)]
    return bytes(helper.make_model(made, opset_imports=opsets, ir_version=8).SerializeToString())


@dataclass(slots=True)
class _Rewritten:
    graph: onnx.GraphProto
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    # By a bias' name, the matrix whose product it is added to.
    weights: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        made = {name: node for node in self.graph.node for name in node.output}
        for node in self.graph.node:
            if node.op_type == "Add" and made[node.input[0]].op_type == "MatMul":
                self.weights[node.input[1]] = made[node.input[0]].input[1]
        # Weights are int8 with scales: what makes them float32 stays, and is computed once, as the session loads.
        constant = {each.name for each in self.graph.initializer}
        for node in self.graph.node:
            if node.op_type in ("Cast", "Mul") and constant.issuperset(node.input):
                self.nodes.append(node)
                constant.update(node.output)

    def constants(self) -> list[onnx.TensorProto]:
        """Those of the file that are still used."""
        used = {name for node in self.nodes for name in node.input}
        return [each for each in self.graph.initializer if each.name in used]

    def layers(self) -> None:
        self._add("Sub", ["input_ids", "input_ids"], "types", domain="")  # all of one kind: zeros
        tables = [f"{_EMBEDDINGS}{name}_embeddings.weight" for name in ("word", "position", "token_type")]
        self._add("EmbedLayerNormalization", ["input_ids", "types", *tables, *_norm(_EMBEDDINGS)], "layer.0", norm=True)
        for number in range(_LAYERS):
            self._layer(f"layer.{number}", f"layer.{number + 1}", f"inner.encoder.layer.{number}.")
        self._add("ReduceMean", [f"layer.{_LAYERS}"], "pooled", domain="", axes=[0, 1], keepdims=0)

    def _layer(self, given: str, result: str, at: str) -> None:
        biases = [f"{at}attention.self.{name}.bias" for name in ("query", "key", "value")]
        self._add("Concat", [self.weights[name] for name in biases], f"{given}.weight", domain="", axis=1)
        self._add("Concat", biases, f"{given}.bias", domain="", axis=0)
        self._add("Attention", [given, f"{given}.weight", f"{given}.bias"], f"{given}.attended", num_heads=_HEADS)
        self._product(f"{given}.attended", f"{at}attention.output.dense.bias")
        self._sum(f"{given}.attended", given, f"{at}attention.output.", f"{given}.read")
        self._product(f"{given}.read", f"{at}intermediate.dense.bias")
        self._add("BiasGelu", [f"{given}.read.product", f"{at}intermediate.dense.bias"], f"{given}.wide")
        self._product(f"{given}.wide", f"{at}output.dense.bias")
        self._sum(f"{given}.wide", f"{given}.read", f"{at}output.", result)

    def _product(self, given: str, bias: str) -> None:
        self._add("MatMul", [given, self.weights[bias]], f"{given}.product", domain="")

    def _sum(self, given: str, skipped: str, at: str, result: str) -> None:
        """The product, its bias and what went in before, normalised."""
        inputs = [f"{given}.product", skipped, *_norm(at), f"{at}dense.bias"]
        self._add("SkipLayerNormalization", inputs, result, norm=True)

    def _add(
        self, kind: str, inputs: list[str], result: str, *, domain: str = _FUSED, norm: bool = False, **more: Any
    ) -> None:
        if norm:
            more["epsilon"] = _EPSILON
        # Its second output, which is not used, has to be spoken of.
        results = [result, ""] if kind == "EmbedLayerNormalization" else [result]
        self.nodes.append(helper.make_node(kind, inputs, results, domain=domain, **more))


def _norm(at: str) -> list[str]:
    return [f"{at}LayerNorm.weight", f"{at}LayerNorm.bias"]
