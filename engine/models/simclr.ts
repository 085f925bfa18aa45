/**
 * SimCLR's ResNet-50 (Chen et al. 2020, arXiv 2002.05709) as SEED reads it: torchvision's under `module.`, whose `fc` is
 * the projection head. A teacher only: that head is a part of it, so there is no place for another one.
 */
import type { TeacherBuilder } from './model.ts';
import { buildResNet, resnet50Shape } from './resnet.ts';
import { unitHeadLayer } from './unit-head.ts';

/** 28.0 million parameters, features of 2048; the output has length 1. */
export const simclrResnet50: TeacherBuilder = ({ outputSize }) =>
  buildResNet(resnet50Shape, {
    stem: 'imagenet',
    outputSize,
    prefix: 'module.',
    buildHead: (features) => unitHeadLayer('module.fc', { inputs: features, hidden: 2048, outputs: outputSize }),
  });
