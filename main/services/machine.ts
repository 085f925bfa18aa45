/** What of this machine decides how jobs run. */
import type { BackendInfo } from '../../common/system.ts';
import { readSetup } from '../../system/setup-record.ts';

const devicesOf = { gpu: ['gpu', 'cpu', 'wasm'], cpu: ['cpu', 'wasm'], none: ['wasm'] } as const;

export function backendInfo(): BackendInfo {
  const setup = readSetup();
  if (!setup) {
    const reason = 'Set-up has not run in this checkout.';
    return { name: null, devices: [], tensorflow: null, reason, cure: 'Run "npm run setup".' };
  }
  const { variant, tensorflow, reason, cure } = setup;
  return {
    name: variant === 'none' ? 'wasm' : 'native',
    devices: [...devicesOf[variant]],
    tensorflow,
    reason,
    cure,
  };
}

/** Two runs with the same answer would be in each other's way. WebAssembly computes on the processor, too. */
export function deviceOf(config: Record<string, unknown>): 'gpu' | 'cpu' {
  const asked = config.device;
  const device = asked === 'gpu' || asked === 'cpu' || asked === 'wasm' ? asked : backendInfo().devices[0];
  return device === 'gpu' ? 'gpu' : 'cpu';
}
