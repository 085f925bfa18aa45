"""Loads files of ours in PyTorch as its users would, strictly, and prints what came out as JSON.

load_in_torch.py <MoCo checkpoint> <backbone> <pixels: float32, 2 x 3 x 64 x 64>
"""

import hashlib
import json
import sys

import numpy
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            shortcut = nn.Conv2d(inputs, outputs, 1, stride, bias=False)
            self.downsample = nn.Sequential(shortcut, nn.BatchNorm2d(outputs))

    def forward(self, x):
        hidden = torch.relu(self.bn1(self.conv1(x)))
        around = x if self.downsample is None else self.downsample(x)
        return torch.relu(self.bn2(self.conv2(hidden)) + around)


class ResNet18(nn.Module):
    """Under torchvision's names, which is not needed for this."""

    def __init__(self, fc):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        inputs = 64
        for stage, width in enumerate([64, 128, 256, 512]):
            blocks = [Block(inputs, width, 1 if stage == 0 else 2), Block(width, width, 1)]
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
            inputs = width
        self.fc = fc

    def forward(self, x):
        x = self.maxpool(torch.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean((2, 3)))


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
