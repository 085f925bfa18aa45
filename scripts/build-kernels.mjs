// Compiles engine/views/kernels/kernels.as (AssemblyScript) to WebAssembly, kept as text in kernels.generated.ts so that
// neither running nor building the studio needs the compiler. Run after a change: node scripts/build-kernels.mjs
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const compiler = 'assemblyscript@0.28.20';
const folder = join(import.meta.dirname, '..', 'engine', 'views', 'kernels');
const source = join(folder, 'kernels.as');
const scratch = mkdtempSync(join(tmpdir(), 'contrast-kernels-'));

try {
  copyFileSync(source, join(scratch, 'kernels.ts')); // the compiler wants .ts, which our own type check would then read
  const options = [
    '-O3',
    '--runtime',
    'stub',
    '--noAssert',
    '--enable',
    'simd',
    '--importMemory',
    '-o',
    'kernels.wasm',
  ];
  execFileSync('npm', ['exec', '--yes', `--package=${compiler}`, '--', 'asc', 'kernels.ts', ...options], {
    cwd: scratch,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  const code = readFileSync(join(scratch, 'kernels.wasm')).toString('base64');
  const digest = createHash('sha256').update(readFileSync(source)).digest('hex');
  writeFileSync(
    join(folder, 'kernels.generated.ts'),
    [
      `// Made from kernels.as by scripts/build-kernels.mjs with ${compiler}; do not edit.`,
      `export const sourceDigest = '${digest}';`,
      `export const code =\n  '${code}';`,
      '',
    ].join('\n'),
  );
} finally {
  rmSync(scratch, { recursive: true });
}
