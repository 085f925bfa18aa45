import { code } from './kernels.generated.ts';

/** The functions of kernels.as, which says what their arguments are; all places are byte addresses in `memory`. */
interface KernelFunctions {
  resizeRows(
    source: number,
    sourceStride: number,
    rows: number,
    first: number,
    weights: number,
    pairs: number,
    width: number,
    out: number,
    outStride: number,
  ): void;
  resizeColumns(
    source: number,
    sourceStride: number,
    first: number,
    weights: number,
    pairs: number,
    rowBytes: number,
    height: number,
    out: number,
  ): void;
  blurRows(data: number, row: number, height: number, whole: number, near: number, far: number, line: number): void;
  blurColumns(
    source: number,
    target: number,
    row: number,
    height: number,
    whole: number,
    near: number,
    far: number,
  ): void;
  blendLevel(data: number, size: number, level: number, factor: number): void;
  blendLuma(data: number, size: number, factor: number): void;
  sumLuma(data: number, size: number): number;
  greyscale(data: number, size: number): void;
  turnHue(data: number, size: number, shift: number): void;
}

export interface Kernels extends KernelFunctions {
  /** The memory's bytes, at least `bytes` of them. What was there before stays; older views of it do not. */
  memory(bytes: number): Uint8Array;
}

// The part of WebAssembly's interface that is used here; the engine is typed for no particular host.
declare const WebAssembly: {
  Memory: new (limits: { initial: number }) => { readonly buffer: ArrayBuffer; grow(pages: number): number };
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: unknown };
};

const pageBytes = 65536;
const compiled = new WebAssembly.Module(Uint8Array.from(atob(code), (letter) => letter.charCodeAt(0)));

/** The kernels with a memory of their own, which grows to the largest size asked for. */
export function createKernels(): Kernels {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const instance = new WebAssembly.Instance(compiled, { env: { memory } });
  return {
    ...(instance.exports as KernelFunctions),
    memory(needed) {
      const missing = Math.ceil((needed - memory.buffer.byteLength) / pageBytes);
      if (missing > 0) memory.grow(missing);
      return new Uint8Array(memory.buffer);
    },
  };
}

/** The next multiple of 16, where vectors are read fastest. */
export function aligned(bytes: number): number {
  return (bytes + 15) & ~15;
}
