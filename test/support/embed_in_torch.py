"""Features of images by PyTorch and Pillow, and how far ours are from them: relative L2 distance over all, as JSON.

embed_in_torch.py <MoCo checkpoint> <our features.npy> <our paths.json> <image size> <bilinear or bicubic>
"""

import json
import sys

import numpy
from features_in_torch import centre_crop, features_of, load_net, read

checkpoint_path, features_path, paths_path, size, interpolation = sys.argv[1:]
with open(paths_path) as file:
    paths = json.load(file)
ours = numpy.load(features_path)
images = [centre_crop(read(path), int(size), interpolation) for path in paths]
theirs = features_of(load_net(checkpoint_path), images).numpy()
error = numpy.linalg.norm(ours - theirs) / numpy.linalg.norm(theirs)
print(json.dumps({"shape": list(ours.shape), "dtype": str(ours.dtype), "error": float(error)}))
