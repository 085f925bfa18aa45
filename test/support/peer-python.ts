/** The Python to compare with, and why there is none. */
import { execFileSync } from 'node:child_process';

export function peerPython(modules: string): { python: string; missing?: string } {
  const python = process.env.CONTRAST_PEER_PYTHON ?? '';
  if (python === '') return { python, missing: 'CONTRAST_PEER_PYTHON names no Python with PyTorch' };
  try {
    execFileSync(python, ['-c', `import ${modules}`], { stdio: 'pipe' });
    return { python };
  } catch {
    return { python, missing: `${python} has not all of ${modules}` };
  }
}
