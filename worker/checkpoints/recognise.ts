/** Which net a checkpoint file holds, and where in it: by what it says, by its tensors, or as a person chose. */
import { architectures, teacherArchitectures } from '../../common/architectures.ts';
import { AppError } from '../../common/errors.ts';
import { heads } from '../../common/jobs/train.ts';
import { nearestTo } from '../../common/nearest.ts';
import {
  type FoundEncoder,
  type RecognisedLayout,
  recogniseLayout,
  selectEncoder,
} from '../../engine/checkpoints/layouts.ts';
import {
  type Candidate,
  type MatchPreview,
  outputSizeOf,
  previewMatch,
  rankCandidates,
} from '../../engine/checkpoints/match.ts';
import { backbones, teachers } from '../../engine/models/index.ts';
import type { Model } from '../../engine/models/model.ts';
import type { ForeignFile } from './foreign-files.ts';

/** What a person may choose; `auto` leaves it to the file. */
export interface Choice {
  arch: string;
  /** What the names of the net's tensors begin with. */
  prefix: string;
  /** By its name in the layout; `q` and `k` are MoCo's two. */
  encoder: string;
}

export const automatic: Choice = { arch: 'auto', prefix: 'auto', encoder: 'auto' };

/** A net that a file may hold. */
export interface Net extends Candidate {
  model: Model;
  /** Length of an embedding. */
  dim: number;
}

export interface RecognisedFile {
  layout: RecognisedLayout['layout'];
  encoders: FoundEncoder[];
  encoder: FoundEncoder;
  /** The one whose backbone is in the file whole; null where there is none, or several. */
  net: Net | null;
  /** The nearest, whether it fits or not. */
  nearest: Net | null;
  /** Best first. */
  ranked: { net: Net; prefix: string; score: number }[];
  /** Architectures that fit alike. */
  ambiguous: string[];
  refusal: string | null;
  /** The nearest net against the encoder's tensors; all unexpected where there is no net. */
  match: MatchPreview;
  /** The encoder's tensors by their names in the net. */
  tensors: Map<string, ForeignFile['tensors'][number]>;
  leftOut: string[];
  /** Side of the training images in px, where the file says so. */
  imageSize: number | null;
}

/** Throws `config-invalid` for a choice that cannot be: an unknown architecture, an encoder that is not in the file. */
export function recognise(path: string, file: ForeignFile, choice: Choice): RecognisedFile {
  const shapes = file.tensors.map(({ name, shape }) => ({ name, shape }));
  const { layout, encoders, refusal } = recogniseLayout(shapes.map(({ name }) => name));
  const wanted =
    choice.prefix === 'auto'
      ? encoderOf(path, encoders, choice.encoder)
      : { name: choice.encoder === 'auto' ? 'encoder' : choice.encoder, prefix: choice.prefix };
  const outputSize = outputSizeOf(
    Array.from(selectEncoder(shapes, wanted.prefix).tensors, ([name, { shape }]) => ({ name, shape })),
  );
  const ranked = rankCandidates(netsFor(choice.arch, outputSize), shapes, [wanted])
    .filter(({ encoder }) => choice.prefix === 'auto' || encoder.prefix === choice.prefix)
    .map(({ candidate, encoder, score }) => ({ net: candidate, prefix: encoder.prefix, score }));
  const best = ranked.filter(({ score }) => score === ranked[0]?.score);
  const saidArch = String(file.facts.arch ?? '');
  const [first] = [...best.filter(({ net }) => isSaid(net, file.facts)), ...best];
  const nearest = first?.net ?? null;
  const encoder = { ...wanted, prefix: first?.prefix ?? wanted.prefix };
  const { tensors, leftOut } = selectEncoder(file.tensors, encoder.prefix);
  const given = Array.from(tensors, ([name, { shape }]) => ({ name, shape }));
  const match = previewMatch(nearest?.tensors ?? [], given);
  const archs = [...new Set(best.map(({ net }) => net.arch))];
  const ambiguous = archs.length > 1 && !archs.includes(saidArch) ? archs : [];
  const fits = nearest !== null && !refusal && ambiguous.length === 0 && lackingOf(match).length === 0;
  return {
    layout,
    encoders,
    encoder,
    net: fits ? nearest : null,
    nearest,
    ranked,
    ambiguous,
    refusal: refusal ?? null,
    match,
    tensors,
    leftOut,
    imageSize: sideOf(file.facts.imageSize),
  };
}

/** What of the backbone is not in the file, as sentences; its head and counters do not matter to features. */
export function lackingOf({ missing, mismatched }: Pick<MatchPreview, 'missing' | 'mismatched'>): string[] {
  return [
    ...mismatched
      .filter(({ name }) => isNeeded(name))
      .map(({ name, model, checkpoint }) => `${name} is [${checkpoint}] instead of [${model}]`),
    ...missing.filter(isNeeded).map((name) => `there is no ${name}`),
  ];
}

/** Throws `checkpoint-invalid` that says what to choose by hand, or why nothing will do. */
export function requireNet(path: string, recognised: RecognisedFile): Net {
  const { net, nearest, refusal, ambiguous, match, layout, encoder } = recognised;
  if (net) return net;
  if (refusal) throw new AppError('checkpoint-invalid', `${path}: ${refusal}`);
  if (ambiguous.length > 0) {
    throw new AppError('checkpoint-invalid', `${path}: its tensors fit ${ambiguous.join(' and ')} alike.`, {
      cure: `Say which it is with --arch: ${ambiguous.join(', ')}.`,
      field: 'arch',
    });
  }
  const lacking = lackingOf(match);
  const what = nearest
    ? `${nearest.arch} is nearest, but under "${encoder.prefix}" ${lacking[0]}${lacking.length > 1 ? `, and ${lacking.length - 1} more tensors do not fit` : ''}`
    : 'no tensor of it is one of theirs';
  throw new AppError('checkpoint-invalid', `${path} (${layout}) fits no net that is known here: ${what}.`, {
    cure: 'Choose architecture and prefix by hand (--arch, --prefix); "contrast checkpoint show" lists its tensors.',
    field: 'arch',
  });
}

/** Not of a projection head or a classifier, whose outputs no evaluation takes. */
export const isOfBackbone = (name: string) => !/^(module\.)?(fc|projection_head|prototypes)\b/.test(name);

const isNeeded = (name: string) => isOfBackbone(name) && !name.endsWith('num_batches_tracked');

/** A checkpoint of ours says its head and stem as well. */
function isSaid(net: Net, { arch, stem, head }: ForeignFile['facts']): boolean {
  return net.arch === arch && (stem === undefined || net.stem === stem) && (head === undefined || net.head === head);
}

function sideOf(said: string | number | undefined): number | null {
  const side = Number(said);
  return said !== undefined && Number.isInteger(side) && side > 0 ? side : null;
}

function encoderOf(path: string, encoders: FoundEncoder[], wanted: string): FoundEncoder {
  const [first, second] = encoders;
  if (wanted === 'auto' || wanted === 'q') return first!;
  const found = encoders.find(({ name }) => name === wanted);
  if (found) return found;
  if (wanted === 'k' && second && /(_k|momentum)/.test(second.name + second.prefix)) return second;
  throw new AppError('config-invalid', `${path} has no encoder "${wanted}".`, {
    cure: `It has ${encoders.map(({ name }) => name).join(', ')}.`,
    field: 'encoder',
  });
}

/** Published stems first: where sizes cannot tell, a file of others' has that. */
function netsFor(arch: string, outputSize = 128): Net[] {
  if (arch !== 'auto' && !known.includes(arch)) {
    const near = nearestTo(arch, known);
    throw new AppError('config-invalid', `There is no architecture "${arch}".`, {
      cure: near ? `Did you mean ${near}?` : `There are ${known.join(', ')}.`,
      field: 'arch',
    });
  }
  const wanted = (name: string) => arch === 'auto' || arch === name;
  const ours = architectures.filter(wanted).flatMap((arch) =>
    (['imagenet', 'small'] as const).flatMap((stem) =>
      heads.map((head): Net => {
        const model = backbones[arch]({ stem, head, outputSize });
        return { arch, stem, head, dim: outputSize, tensors: model.tensors, model };
      }),
    ),
  );
  const others = teacherArchitectures.filter(wanted).map((arch): Net => {
    const model = teachers[arch]({ outputSize });
    return { arch, stem: 'imagenet', head: 'own', dim: outputSize, tensors: model.tensors, model };
  });
  return [...ours, ...others];
}

const known: readonly string[] = [...architectures, ...teacherArchitectures];
