"""Loads files of ours in PyTorch as its users would, strictly, and prints what came out as JSON.

load_in_torch.py <MoCo checkpoint> <backbone> <pixels: float32, 2 x 3 x 64 x 64>
"""

import hashlib
import json
import sys

import numpy
import torch
from torch import nn

from resnet18_in_torch import ResNet18


class MoCo(nn.Module):
    def __init__(self, dim, length):
        super().__init__()
        for name in ["encoder_q", "encoder_k"]:
            head = nn.Sequential(nn.Linear(512, 1024), nn.ReLU(), nn.Linear(1024, dim))
            setattr(self, name, ResNet18(head))
        self.register_buffer("queue", torch.zeros(dim, length))
        self.register_buffer("queue_ptr", torch.zeros(1, dtype=torch.long))


def digest(tensor):
    return hashlib.sha256(tensor.numpy().tobytes()).hexdigest()


moco_path, backbone_path, pixels_path = sys.argv[1:]
pixels = torch.from_numpy(numpy.fromfile(pixels_path, dtype=numpy.float32).reshape(2, 3, 64, 64))

checkpoint = torch.load(moco_path, weights_only=True)
mapped = torch.load(moco_path, weights_only=True, mmap=True)
whole = nn.Module()
whole.module = MoCo(*checkpoint["state_dict"]["module.queue"].shape)
whole.load_state_dict(checkpoint["state_dict"], strict=True)
optimizer = torch.optim.SGD(whole.parameters(), 0.03, momentum=0.9, weight_decay=1e-4)
optimizer.load_state_dict(checkpoint["optimizer"])

backbone = ResNet18(nn.Identity())
backbone.load_state_dict(torch.load(backbone_path, weights_only=True), strict=True)

with torch.no_grad():
    output = whole.module.encoder_q.eval()(pixels)
    features = backbone.eval()(pixels)

print(
    json.dumps(
        {
            "epoch": checkpoint["epoch"],
            "arch": checkpoint["arch"],
            "keys": list(checkpoint["state_dict"]),
            "hashes": {name: digest(tensor) for name, tensor in checkpoint["state_dict"].items()},
            "mapped": all(torch.equal(mapped["state_dict"][k], v) for k, v in checkpoint["state_dict"].items()),
            "group": {k: v for k, v in checkpoint["optimizer"]["param_groups"][0].items() if k != "params"},
            "buffers": {k: digest(v["momentum_buffer"]) for k, v in checkpoint["optimizer"]["state"].items()},
            "output": output.tolist(),
            "features": features.tolist(),
        }
    )
)
