/** Where the randomness of a picture's views lies: whoever asks there gets the very views that training shows. */
import { type Random, randomAt } from '../../engine/random.ts';

/** Of one view: `picture` is its place in the data set, `view` that of its pipeline. */
export function viewRandom(seed: number, epoch: number, picture: number, view: number): Random {
  return randomAt(seed, 'view', epoch, picture, view);
}

/** Of what the views of a picture share. */
export function pairRandom(seed: number, epoch: number, picture: number): Random {
  return randomAt(seed, 'pair', epoch, picture);
}
