"""Images prepared by Pillow, and the features of a ResNet-18 of a MoCo checkpoint, in PyTorch alone."""

import numpy
import torch
from PIL import Image
from resnet18_in_torch import ResNet18
from torch import nn

kernels = {"bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC}
mean = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
deviation = torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)


def centre_crop(image, size, interpolation="bilinear"):
    width, height = image.size
    shorter = round(size * 256 / 224)
    if width <= height:
        image = image.resize((shorter, int(shorter * height / width)), kernels[interpolation])
    else:
        image = image.resize((int(shorter * width / height), shorter), kernels[interpolation])
    left, top = round((image.width - size) / 2), round((image.height - size) / 2)
    return image.crop((left, top, left + size, top + size))


def tensor_of(image):
    pixels = numpy.asarray(image)
    return (torch.from_numpy(pixels.copy()).permute(2, 0, 1).float().div(255) - mean) / deviation


def read(path):
    return Image.open(path).convert("RGB")


def load_net(checkpoint_path):
    prefix = "module.encoder_q."
    state = torch.load(checkpoint_path, weights_only=True)["state_dict"]
    state = {name.removeprefix(prefix): tensor for name, tensor in state.items() if name.startswith(prefix)}
    net = ResNet18(nn.Identity())
    net.load_state_dict({name: tensor for name, tensor in state.items() if not name.startswith("fc.")}, strict=True)
    return net.eval()


def features_of(net, images):
    with torch.no_grad():
        return net(torch.stack([tensor_of(image) for image in images]))
