"""Writes test/fixtures/libraries: what other libraries' checkpoints hold beside tensors, saved by PyTorch itself.

save_in_torch.py <folder>
"""

import argparse
import collections
import pathlib
import sys

import numpy
import torch

folder = pathlib.Path(sys.argv[1])


def tensor(*shape):
    return torch.arange(numpy.prod(shape), dtype=torch.float32).reshape(shape)


def state(prefix):
    shapes = {"conv1.weight": (4, 3, 3, 3), "bn1.weight": (4,), "layer1.0.conv1.weight": (4, 4, 1, 1)}
    return collections.OrderedDict((prefix + name, tensor(*shape)) for name, shape in shapes.items())


dino = {
    "student": state("module.backbone."),
    "teacher": state("backbone."),
    "optimizer": {"state": {0: {"exp_avg": tensor(3)}}, "param_groups": [{"betas": (0.9, 0.999)}]},
    "epoch": 5,
    "args": argparse.Namespace(arch="vit_tiny", lr=0.001, output_dir=pathlib.PurePosixPath("/a/b")),
    "dino_loss": {"center": tensor(1, 8)},
}
torch.save(dino, folder / "dino.pth")

lightning = {
    "epoch": 1,
    "global_step": 10,
    "pytorch-lightning_version": "1.6.0",
    "state_dict": {**state("backbone."), "classifier.weight": tensor(2, 4)},
    "callbacks": {"ModelCheckpoint": {"best_model_score": torch.tensor(1.0), "current_score": numpy.float64(3.5)}},
    "optimizer_states": [{"state": {0: {"momentum_buffer": tensor(4)}}, "param_groups": [{"lr": numpy.float32(0.5)}]}],
    "hyper_parameters": argparse.Namespace(lr=0.3, sizes=numpy.arange(6).reshape(2, 3)),
}
torch.save(lightning, folder / "solo-learn.ckpt")

values = {
    "parameter": torch.nn.Parameter(tensor(2)),
    "buffer": torch.nn.Buffer(tensor(3)),
    "uint16": torch.tensor([1, 65535], dtype=torch.uint16),
    "float8": torch.ones(2, dtype=torch.float8_e4m3fn),
    "array": numpy.ones((2, 2), dtype="<f4"),
    "set": {1, 2},
    "tuple": (1, "a"),
    "size": torch.Size([2, 3]),
    "dtype": torch.float16,
    "bytes": b"abc",
    "deque": collections.deque([1]),
    "counter": collections.Counter("aab"),
}
for protocol in [2, 5]:
    torch.save(values, folder / f"values-protocol{protocol}.pt", pickle_protocol=protocol)

torch.save(torch.nn.Linear(2, 2), folder / "whole-module.pt")
torch.jit.script(torch.nn.Linear(2, 2)).save(str(folder / "torchscript.pt"))
