"""Makes the case of fixtures/transfer: a few steps of a classifier whose backbone is trained along, in PyTorch.

finetune_in_torch.py <file to write>

A ResNet-18 whose `fc` is a norm to unit length and a linear layer; torch.optim.SGD over all parameters. Batch norm
follows the batches of the first epoch; from the second on the net stays in eval mode and still learns. Weights and images
follow the fill rule of the fixtures, the linear layer is `transfer/fc.1.weight`, (2u - 1) * 0.2, with a bias of 0.
"""

import copy
import json
import sys

import numpy
import torch
from resnet18_in_torch import ResNet18
from torch import nn
from torch.nn.functional import cross_entropy, normalize

CLASSES, BATCH, SIZE = 5, 8, 64
MOMENTUM, WEIGHT_DECAY = 0.9, 1e-4
# Two steps of the first epoch, two of a later one, behind a milestone that takes a fifth.
STEPS = [{"epoch": 0, "lr": 0.1}, {"epoch": 0, "lr": 0.1}, {"epoch": 1, "lr": 0.02}, {"epoch": 1, "lr": 0.02}]
SAMPLED = ["conv1.weight", "bn1.weight", "layer2.0.downsample.0.weight", "layer4.1.conv2.weight", "layer4.1.bn2.bias"]


class Norm(nn.Module):
    def forward(self, x):
        return normalize(x)


def uniform(name, shape):
    """2u - 1 in float64, by the tensor's name."""
    base = 0x811C9DC5
    for byte in name.encode():
        base = ((base ^ byte) * 0x01000193) & 0xFFFFFFFF
    x = (base + numpy.arange(numpy.prod(shape), dtype=numpy.uint64) * 0x9E3779B9) & 0xFFFFFFFF
    x = ((x ^ (x >> 16)) * 0x85EBCA6B) & 0xFFFFFFFF
    x = ((x ^ (x >> 13)) * 0xC2B2AE35) & 0xFFFFFFFF
    return ((2 * (x ^ (x >> 16)).astype(numpy.float64)) / 2**32 - 1).reshape(shape)


def filled(name, shape):
    if name.startswith("fc."):
        return 0.2 * uniform(f"transfer/{name}", shape) if len(shape) == 2 else numpy.zeros(shape)
    if len(shape) >= 2:
        return uniform(name, shape) * numpy.sqrt(3 / numpy.prod(shape[1:]))
    if name.endswith(("bias", "running_mean")):
        return uniform(name, shape) * 0.1
    return (uniform(name, shape) + 2) * 0.5


def as_float32(values):
    return torch.from_numpy(values.astype(numpy.float32))


def build():
    net = ResNet18(nn.Sequential(Norm(), nn.Linear(512, CLASSES)))
    state = net.state_dict()
    for name, tensor in state.items():
        if not name.endswith("num_batches_tracked"):
            tensor.copy_(as_float32(filled(name, tuple(tensor.shape))))
    return net


def run(net, dtype):
    net = net.to(dtype)
    first = copy.deepcopy(dict(net.named_parameters()))
    optimizer = torch.optim.SGD(net.parameters(), 0.1, momentum=MOMENTUM, weight_decay=WEIGHT_DECAY)
    for number, step in enumerate(STEPS):
        images = as_float32(2 * uniform(f"input/transfer/step{number}", (BATCH, 3, SIZE, SIZE))).to(dtype)
        labels = torch.tensor([(3 * image + number) % CLASSES for image in range(BATCH)])
        net.train(step["epoch"] == 0)
        optimizer.param_groups[0]["lr"] = step["lr"]
        logits = net(images)
        loss = cross_entropy(logits, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        parameters = dict(net.named_parameters())
        yield step, labels, logits.detach(), loss.item(), parameters, first, dict(net.named_buffers())


def short(value):
    return float(f"{value:.9g}")


def vector(tensor):
    values = tensor.detach().double().flatten()
    return {
        "shape": list(tensor.shape),
        "first": [short(value) for value in values[:16].tolist()],
        "l2": short(values.norm().item()),
    }


def hits(logits, labels, k):
    likeliest = logits.topk(k).indices
    return short(100 * (likeliest == labels[:, None]).any(1).double().mean().item())


def records():
    for number, (single, double) in enumerate(zip(run(build(), torch.float32), run(build(), torch.float64))):
        step, labels, logits, loss, parameters, first, buffers = single
        norms = [name for name in buffers if name.endswith("running_mean")]
        yield {
            "step": number + 1,
            **step,
            "labels": labels.tolist(),
            "loss": short(loss),
            "loss_f64": short(double[3]),
            "acc1": hits(logits, labels, 1),
            "acc5": hits(logits, labels, 5),
            "logits": vector(logits),
            "parameter_l2": {name: short(value.double().norm().item()) for name, value in parameters.items()},
            "moved_l2": {
                name: short((value - first[name]).double().norm().item()) for name, value in parameters.items()
            },
            "moved_l2_f64": {
                name: short((value - double[5][name]).norm().item()) for name, value in double[4].items()
            },
            "samples": {name: vector(parameters[name]) for name in SAMPLED},
            "fc.1.weight": [[short(value) for value in row[:4]] for row in parameters["fc.1.weight"].tolist()],
            "fc.1.bias": [short(value) for value in parameters["fc.1.bias"].tolist()],
            "bn": [
                {
                    "name": name.removesuffix(".running_mean"),
                    "running_mean_l2": short(buffers[name].double().norm().item()),
                    "running_var_l2": short(buffers[name.replace("mean", "var")].double().norm().item()),
                    "num_batches_tracked": buffers[name.replace("running_mean", "num_batches_tracked")].item(),
                }
                for name in norms
            ],
        }


case = {
    "what": "steps of a classifier on unit features whose backbone is trained along, PyTorch "
    f"{torch.__version__.split('+')[0]} on the CPU, float32; made by test/support/finetune_in_torch.py",
    "case": {
        "arch": "resnet18",
        "classes": CLASSES,
        "momentum": MOMENTUM,
        "weight_decay": WEIGHT_DECAY,
        "batch": BATCH,
        "size": SIZE,
    },
    "fill": {"prefix": "", "weight_gain": 1, "head": "transfer/fc.1.weight, (2u-1) * 0.2; bias 0"},
    "inputs": {"label": "transfer/step<s>, s from 0", "shape": [BATCH, 3, SIZE, SIZE]},
    "after_step": list(records()),
}
with open(sys.argv[1], "w") as file:
    json.dump(case, file, separators=(",", ":"))
