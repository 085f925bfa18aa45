/**
 * Addressed randomness: a draw is named by (seed, purpose, address), never by how many draws came before it.
 * A resumed run therefore sees the same order, crops and dropout as one that was never stopped.
 *
 * The address is hashed into the 128-bit state of xoshiro128** (Blackman and Vigna, 2018), which makes the draws.
 */

export interface Random {
  /** Uniform in [0, 1), 32 bits. */
  next(): number;
  /** Uniform in [low, high). */
  uniform(low: number, high: number): number;
  /** Uniform whole number in [0, below). */
  integer(below: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** Standard normal (Box-Muller). */
  normal(): number;
  /** A random order of 0 .. length-1 (Fisher-Yates). */
  permutation(length: number): Int32Array;
}

/** The generator at an address, e.g. `randomAt(seed, 'view', epoch, image, 0)`. */
export function randomAt(seed: number, purpose: string, ...address: number[]): Random {
  let a = mix(seed ^ 0x9e3779b9);
  let b = mix(Math.floor(seed / 4294967296) ^ 0x243f6a88);
  let c = mix(hashText(purpose) ^ 0xb7e15162);
  let d = mix(address.length ^ 0x13198a2e);
  for (const part of address) {
    // Each word of the state takes in each part of the address, so that neighbours share no pattern.
    a = mix(a ^ part);
    b = mix((b + a) ^ Math.floor(part / 4294967296));
    c = mix((c ^ b) + 0x9e3779b9);
    d = mix(d + c);
    a = mix(a ^ d);
  }
  if ((a | b | c | d) === 0) a = 1; // the one state that xoshiro cannot leave
  return generator(a, b, c, d);
}

function generator(a: number, b: number, c: number, d: number): Random {
  function bits(): number {
    const scaled = Math.imul(b, 5);
    const result = Math.imul((scaled << 7) | (scaled >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  }
  const next = () => bits() / 4294967296;
  const integer = (below: number) => Math.floor(next() * below);
  return {
    next,
    integer,
    uniform: (low, high) => low + (high - low) * next(),
    chance: (probability) => next() < probability,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    permutation(length) {
      const order = Int32Array.from({ length }, (_, index) => index);
      for (let last = length - 1; last > 0; last--) {
        const other = integer(last + 1);
        const kept = order[last]!;
        order[last] = order[other]!;
        order[other] = kept;
      }
      return order;
    },
  };
}

/** FNV-1a over UTF-16 code units. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash;
}

/** The finaliser of MurmurHash3: every input bit reaches every output bit. */
function mix(word: number): number {
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return word ^ (word >>> 16);
}
