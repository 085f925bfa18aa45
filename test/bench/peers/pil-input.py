"""Two views of each JPEG of a folder with Pillow, as torchvision makes them for ssl-small, on one core.

Runs for a while and prints one JSON line: images a second of processor time, and of the clock.
"""
import argparse
import glob
import json
import math
import os
import random
import time

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("--size", type=int, default=224)
parser.add_argument("--seconds", type=float, default=4)
options = parser.parse_args()
size = (options.size, options.size)
mean = np.array([0.485, 0.456, 0.406], np.float32)
deviation = np.array([0.229, 0.224, 0.225], np.float32)


def resized_crop(image):
    width, height = image.size
    for _ in range(10):
        area = width * height * random.uniform(0.2, 1)
        ratio = math.exp(random.uniform(math.log(3 / 4), math.log(4 / 3)))
        w, h = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
        if 0 < w <= width and 0 < h <= height:
            left, top = random.randint(0, width - w), random.randint(0, height - h)
            return image.crop((left, top, left + w, top + h)).resize(size, Image.BILINEAR)
    return image.resize(size, Image.BILINEAR)


def turn_hue(image, turns):
    hue, saturation, value = image.convert("HSV").split()
    moved = np.array(hue, dtype=np.uint8)
    with np.errstate(over="ignore"):
        moved += np.int32(turns * 255).astype(np.uint8)
    return Image.merge("HSV", (Image.fromarray(moved), saturation, value)).convert("RGB")


def jitter(image):
    steps = [
        lambda x: ImageEnhance.Brightness(x).enhance(random.uniform(0.2, 1.8)),
        lambda x: ImageEnhance.Contrast(x).enhance(random.uniform(0.2, 1.8)),
        lambda x: ImageEnhance.Color(x).enhance(random.uniform(0.2, 1.8)),
        lambda x: turn_hue(x, random.uniform(-0.4, 0.4)),
    ]
    random.shuffle(steps)
    for step in steps:
        image = step(image)
    return image


def view(image):
    image = resized_crop(image)
    if random.random() < 0.8:
        image = jitter(image)
    if random.random() < 0.5:
        image = image.convert("L").convert("RGB")
    if random.random() < 0.5:
        image = image.filter(ImageFilter.GaussianBlur(random.uniform(0.1, 2)))
    if random.random() < 0.5:
        image = image.transpose(Image.FLIP_LEFT_RIGHT)
    return (np.asarray(image, dtype=np.float32) / 255 - mean) / deviation


def both_views(path):
    image = Image.open(path).convert("RGB")
    return view(image), view(image)


files = sorted(glob.glob(os.path.join(options.folder, "*.jpg")))
random.seed(0)
for path in files:
    both_views(path)
images, started, began = 0, time.process_time(), time.perf_counter()
while time.perf_counter() - began < options.seconds:
    both_views(files[images % len(files)])
    images += 1
print(
    json.dumps(
        {
            "imagesPerCoreSecond": images / (time.process_time() - started),
            "imagesPerSecond": images / (time.perf_counter() - began),
        }
    )
)
