"""Features of images by PyTorch and Pillow, and how far ours are from them: relative L2 distance over all, as JSON.

embed_in_torch.py <MoCo checkpoint> <our features.npy> <our paths.json> <image size> <bilinear or bicubic>
"""

import json
import sys

import numpy
import torch
from PIL import Image
from resnet18_in_torch import ResNet18
from torch import nn

checkpoint_path, features_path, paths_path, size, interpolation = sys.argv[1:]
size = int(size)
kernel = {"bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC}[interpolation]
mean = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
deviation = torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)


def prepare(path):
    image = Image.open(path).convert("RGB")
    width, height = image.size
    shorter = round(size * 256 / 224)
    if width <= height:
        image = image.resize((shorter, int(shorter * height / width)), kernel)
    else:
        image = image.resize((int(shorter * width / height), shorter), kernel)
    left, top = round((image.width - size) / 2), round((image.height - size) / 2)
    pixels = numpy.asarray(image.crop((left, top, left + size, top + size)))
    return (torch.from_numpy(pixels.copy()).permute(2, 0, 1).float().div(255) - mean) / deviation


prefix = "module.encoder_q."
state = torch.load(checkpoint_path, weights_only=True)["state_dict"]
state = {name.removeprefix(prefix): tensor for name, tensor in state.items() if name.startswith(prefix)}
net = ResNet18(nn.Identity())
net.load_state_dict({name: tensor for name, tensor in state.items() if not name.startswith("fc.")}, strict=True)

with open(paths_path) as file:
    paths = json.load(file)
ours = numpy.load(features_path)
with torch.no_grad():
    theirs = net.eval()(torch.stack([prepare(path) for path in paths])).numpy()
error = numpy.linalg.norm(ours - theirs) / numpy.linalg.norm(theirs)
print(json.dumps({"shape": list(ours.shape), "dtype": str(ours.dtype), "error": float(error)}))
