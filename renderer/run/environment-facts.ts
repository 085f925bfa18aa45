import type { Fact } from '../ui/Facts.tsx';

/** Any nesting of an environment as rows: {gpu: {name: 'A'}} -> gpu name: A. */
export function factsOf(environment: Record<string, unknown>, prefix = ''): Fact[] {
  return Object.entries(environment).flatMap(([key, value]): Fact[] => {
    if (value === null || value === undefined) return [];
    const label = prefix ? `${prefix} ${key}` : key;
    if (typeof value === 'object' && !Array.isArray(value)) {
      return factsOf(value as Record<string, unknown>, label);
    }
    const text = Array.isArray(value) ? value.map(String).join(', ') : String(value);
    return [{ label, value: text, mono: true }];
  });
}
