/** Static sets of views, and what is measured on them: the jobs `views`, `instdisc` and `stats`. */
import { z } from 'zod';
import { field } from '../fields.ts';
import { backboneFields, extractionFields, transformFields } from './evaluation.ts';
import { decode, seed, workers } from './shared.ts';

export const viewsConfig = z.strictObject({
  data: field(z.string().min(1), {
    label: 'Images',
    help: 'A folder with <class>/*, or with train/<class>/* and the like.',
    group: 'Data',
    flags: [],
    control: 'folder',
  }),
  target: field(z.string().min(1), {
    label: 'Views in',
    help: 'Where <class>/<name>-0.jpeg (the original), -1.jpeg, -2.jpeg and so on are put; it must be empty or not exist.',
    group: 'Data',
    flags: ['--target'],
    control: 'folder',
  }),
  split: field(z.string().default(''), {
    label: 'Split',
    help: 'Empty: train where there is one, else the folder itself.',
    group: 'Data',
    flags: ['--split'],
  }),
  aug: field(z.enum(['moco', 'nointer', 'super-hard', 'hard', 'easy']).default('moco'), {
    label: 'Views',
    help: 'moco: two random views. nointer: of different quarters. super-hard, hard, easy: crops that overlap by 0.01 to 5, 5 to 25, 25 to 100 %, and eight more views in which the overlap, or as much elsewhere, is replaced.',
    group: 'Views',
    flags: ['--aug'],
  }),
  imagesPerClass: field(z.int().min(1).default(50), {
    label: 'Images per class',
    help: 'The first so many of each.',
    group: 'Views',
    flags: ['--images-per-class'],
  }),
  imageSize: field(z.int().min(8).max(1024).default(224), {
    label: 'View size',
    help: 'Side of a view.',
    group: 'Views',
    unit: 'px',
    flags: ['--image-size'],
  }),
  quality: field(z.int().min(1).max(100).default(75), {
    label: 'JPEG quality',
    help: 'Of all files; 75 is what PIL takes.',
    group: 'Views',
    flags: ['--quality'],
    advanced: true,
  }),
  decode,
  workers,
  seed,
});

const staticFields = {
  data: field(z.string().min(1), {
    label: 'Static set',
    help: 'A folder that "contrast views" or ssl-small\'s sample-augs made.',
    group: 'Data',
    flags: [],
    control: 'folder',
  }),
  ...transformFields,
  samplesPerClass: field(z.int().min(0).default(0), {
    label: 'Images per class',
    help: 'Every class must have so many. 0: as many as each has.',
    group: 'Data',
    flags: ['-s', '--sample-per-class'],
  }),
  ...backboneFields,
};

export const instdiscConfig = z.strictObject({
  ...staticFields,
  mode: field(z.enum(['d-sd', 'sd-sd']).default('d-sd'), {
    label: 'Pairs',
    help: 'd-sd: the original and its first view; sd-sd: the two views.',
    group: 'Measure',
    flags: ['--mode'],
  }),
  datasetMode: field(
    z.enum(['normal', 'g-mask', 'rand-g-mask', 'avg-mask', 'rand-avg-mask', 'all']).default('normal'),
    {
      label: 'Views',
      help: 'normal: 1 and 2. g-mask: overlap replaced by noise; avg-mask: by the mean colour; rand-: as much elsewhere. all: each of them.',
      group: 'Measure',
      flags: ['--dataset-mode'],
    },
  ),
  topK: field(z.int().min(1).max(1000).default(5), {
    label: 'Top',
    help: 'Top1 to this are reported.',
    group: 'Measure',
    flags: ['--topk'],
  }),
  classStride: field(z.int().min(1).default(1), {
    label: 'Every so many classes',
    help: 'Only the 1st, (1+n)th, ... class is asked for, among the images of all. ssl-small takes 2 for 50 training images a class.',
    group: 'Measure',
    flags: ['--class-stride'],
    advanced: true,
  }),
  ...extractionFields,
});

export const statsConfig = z.strictObject({
  ...staticFields,
  allPairs: field(z.boolean().default(true), {
    label: 'Uniformity over all pairs',
    help: 'Beside that of three random groups of 128; its time grows with the square of the images.',
    group: 'Measure',
    flags: ['--all-pairs'],
  }),
  ...extractionFields,
});

export type ViewsConfig = z.infer<typeof viewsConfig>;
export type InstdiscConfig = z.infer<typeof instdiscConfig>;
export type StatsConfig = z.infer<typeof statsConfig>;
