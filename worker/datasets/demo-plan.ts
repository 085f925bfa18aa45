import { randomAt } from '../../engine/random.ts';
import demoClasses from '../../resources/demo-classes.json' with { type: 'json' };
import { type Artist, type Placement, trainingArtists, unseenArtist } from './emoji-art.ts';

/** Changes whenever the same plan would give other pictures. */
export const demoVersion = 1;

/** What is drawn. Two demo datasets of one version and plan hold the same pixels. */
export interface DemoPlan {
  seed: number;
  sizePixels: number;
  /** Names of emoji that all artists have drawn. */
  classes: readonly string[];
  trainPerClass: number;
  valPerClass: number;
  unseenPerClass: number;
}

export const defaultDemoPlan: DemoPlan = {
  seed: 1,
  sizePixels: 32,
  classes: demoClasses,
  trainPerClass: 40,
  valPerClass: 10,
  unseenPerClass: 10,
};

/** One picture to be drawn. `path` is relative to the dataset's folder. */
export interface DemoPicture {
  path: string;
  className: string;
  artist: Artist;
  placement: Placement;
}

export interface DemoSplit {
  name: string;
  perClass: number;
  artists: readonly Artist[];
}

export function splitsOf(plan: DemoPlan): DemoSplit[] {
  return [
    { name: 'train', perClass: plan.trainPerClass, artists: trainingArtists },
    { name: 'val', perClass: plan.valPerClass, artists: trainingArtists },
    { name: 'val-unseen-artist', perClass: plan.unseenPerClass, artists: [unseenArtist] },
  ];
}

/** Every picture of the plan; each has its own address of randomness, so that one split's size changes no other. */
export function picturesOf(plan: DemoPlan): DemoPicture[] {
  return splitsOf(plan).flatMap((split) =>
    plan.classes.flatMap((className, classIndex) =>
      Array.from({ length: split.perClass }, (_, index) => pictureAt(plan, split, className, classIndex, index)),
    ),
  );
}

function pictureAt(
  plan: DemoPlan,
  split: DemoSplit,
  className: string,
  classIndex: number,
  index: number,
): DemoPicture {
  const random = randomAt(plan.seed, `demo ${split.name}`, classIndex, index);
  const artist = split.artists[random.integer(split.artists.length)]!;
  // Any size that shows what it is, anywhere, tilted, in either direction.
  const scale = random.uniform(0.4, 0.9);
  const placement: Placement = {
    scale,
    centreX: random.uniform(scale / 2, 1 - scale / 2),
    centreY: random.uniform(scale / 2, 1 - scale / 2),
    rotationDegrees: random.uniform(-45, 45),
    flipped: random.chance(0.5),
  };
  const name = `${String(index).padStart(3, '0')}-${artist.id}.png`;
  return { path: `${split.name}/${className}/${name}`, className, artist, placement };
}
