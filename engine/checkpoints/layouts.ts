/** Who made a checkpoint, by the names of its tensors, and where in it the backbones lie. */

export const layouts = [
  'moco',
  'seed',
  'dino',
  'simclr',
  'lightly',
  'solo-learn',
  'swav',
  'timm',
  'torchvision',
  'plain',
] as const;

export type Layout = (typeof layouts)[number];

/** A network within a file. */
export interface FoundEncoder {
  /** As its library calls it: `encoder_q`, `teacher`. */
  name: string;
  /** What its tensors' names begin with: `module.encoder_q.`. */
  prefix: string;
}

export interface RecognisedLayout {
  layout: Layout;
  /** The one that evaluations of the library take comes first. */
  encoders: FoundEncoder[];
  /** Why no backbone here can take these weights, where the names tell; a sentence for people. */
  refusal?: string;
}

interface Rule {
  layout: Layout;
  /** Prefixes, the first of which has to occur. */
  encoders: Record<string, RegExp>;
  /** A name that has to occur as well. */
  mark?: RegExp;
}

/** In this order: the first that fits is taken. */
const rules: Rule[] = [
  {
    layout: 'moco',
    // base_encoder: MoCo v3
    encoders: {
      encoder_q: /^(module\.)*(encoder_q|base_encoder)\./,
      encoder_k: /^(module\.)*(encoder_k|momentum_encoder)\./,
    },
    mark: /^(module\.)*(encoder_q|encoder_k|queue|base_encoder)\b/,
  },
  {
    layout: 'dino',
    encoders: {
      teacher: /^teacher\.(module\.)*backbone\./,
      student: /^student\.(module\.)*backbone\./,
    },
  },
  {
    layout: 'seed',
    encoders: { student: /^(module\.)*student\./, teacher: /^(module\.)*teacher\./ },
  },
  // The published SimCLR nets are wrapped three times.
  { layout: 'simclr', encoders: { encoder: /^module\.module\.module\./ } },
  {
    layout: 'lightly',
    encoders: {
      backbone: /^(model\.)?(student_)?backbone\./,
      backbone_momentum: /^(model\.)?(backbone_momentum|teacher_backbone)\./,
    },
    // Its backbones are sequences, whose layers have numbers for names.
    mark: /^(model\.)?((student_)?backbone\.\d+\.|projection_head(_momentum)?\.|prediction_head\.|backbone_momentum\.)/,
  },
  {
    layout: 'solo-learn',
    encoders: { backbone: /^(backbone|encoder)\./, momentum_backbone: /^momentum_(backbone|encoder)\./ },
  },
  {
    layout: 'swav',
    encoders: { encoder: /^(module\.)*(?=conv1\.|layer1\.|padding)/ },
    mark: /^(module\.)*(prototypes|projection_head)\./,
  },
];

/** Wrappers that say nothing about who made a file: parallel training, Lightning, torch.compile. */
const wrapper = /^((module|model|net|network|_orig_mod)\.)+/;

/** Of files that hold nothing but one network, by names within it. */
const bare: [Layout, RegExp][] = [
  ['timm', /^(patch_embed|conv_stem|blocks\.\d+\.|stages\.\d+\.|stem\.)/],
  ['torchvision', /^(conv1\.weight$|layer1\.0\.|features\.\d+\.|conv_proj\.|Conv2d_1a_3x3\.)/],
];

/** Nets that are none of ours, however alike they are called, and what to say of them. */
const strangers: [RegExp, string][] = [
  [/(^|\.)blocks\.\d+\.attn\.qkv\./, transformerOf('timm, DeiT, DINO and MoCo v3 build')],
  [/(^|\.)encoder\.layers\.encoder_layer_\d+\./, transformerOf('torchvision builds')],
  [/(^|\.)blocks\.\d+\.\d+\.conv_dw\./, mobileNetOf('timm builds')],
  [/(^|\.)features\.\d+\.(\d+\.)?block\.\d+\.\d+\./, mobileNetOf('torchvision builds')],
];

function transformerOf(builder: string): string {
  return `These are weights of a vision transformer as ${builder} it. vit_tiny is ssl-small's, another network: twice as many heads for its width, no bias in its attention, patches in another order. They cannot be used here.`;
}

/** With timm's names the shapes of EfficientNet would fit: the names do not say if it is one of its `tf_` nets. */
function mobileNetOf(builder: string): string {
  return `These are weights of a MobileNet or an EfficientNet as ${builder} it. mobilenetv3_* and efficientnet_* are ssl-small's: other padding, other gates, another batch norm, which would give wrong features without a word. They cannot be used here.`;
}

function refusalOf(names: readonly string[]): string | undefined {
  return strangers.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1];
}

/** Recognises by name alone; `plain` where nothing is known, with the prefix that most names share. */
export function recogniseLayout(names: readonly string[]): RecognisedLayout {
  const recognised = layoutOf(names);
  const refusal = refusalOf(names);
  return refusal === undefined ? recognised : { ...recognised, refusal };
}

function layoutOf(names: readonly string[]): RecognisedLayout {
  for (const { layout, encoders, mark } of rules) {
    const found = Object.entries(encoders).flatMap(([name, pattern]) => {
      const prefix = commonPrefix(names, pattern);
      return prefix === undefined ? [] : [{ name, prefix }];
    });
    const first = Object.keys(encoders)[0];
    if (found[0]?.name === first && (!mark || names.some((name) => mark.test(name))))
      return { layout, encoders: found };
  }
  const prefix = commonPrefix(names, wrapper) ?? '';
  const inner = names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  const layout = bare.find(([, pattern]) => inner.some((name) => pattern.test(name)))?.[0] ?? 'plain';
  return { layout, encoders: [{ name: 'encoder', prefix }] };
}

/** What the pattern matches at the beginning of most names that it matches. */
function commonPrefix(names: readonly string[], pattern: RegExp): string | undefined {
  const counts = new Map<string, number>();
  for (const name of names) {
    const prefix = pattern.exec(name)?.[0];
    if (prefix !== undefined) counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  }
  return [...counts].sort((left, right) => right[1] - left[1])[0]?.[0];
}

/** Layers of a ResNet that was made a sequence, as lightly does: `4.0.conv1.weight` is in `layer1`. */
const sequenceNames: Record<string, string> = {
  0: 'conv1',
  1: 'bn1',
  4: 'layer1',
  5: 'layer2',
  6: 'layer3',
  7: 'layer4',
};

export interface Selection<Entry> {
  /** Tensors under the prefix, by their name in the backbone. */
  tensors: Map<string, Entry>;
  /** Names of all others: the second encoder, queues, prototypes, projectors. */
  leftOut: string[];
}

/** The tensors of one encoder under the names that a backbone has for them. */
export function selectEncoder<Entry extends { name: string }>(
  foreign: Iterable<Entry>,
  prefix: string,
): Selection<Entry> {
  const tensors = new Map<string, Entry>();
  const leftOut: string[] = [];
  for (const entry of foreign) {
    const name = entry.name.startsWith(prefix) ? entry.name.slice(prefix.length) : undefined;
    // SwAV's prototypes lie within its network, but are no part of a backbone.
    if (name === undefined || /^prototypes\./.test(name)) leftOut.push(entry.name);
    else
      tensors.set(
        name.replace(/^\d+(?=\.)/, (number) => sequenceNames[number] ?? number),
        entry,
      );
  }
  return { tensors, leftOut };
}
