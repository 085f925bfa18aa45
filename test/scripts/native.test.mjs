import { describe, expect, test } from 'vitest';
import { explain, wantedVariants } from '../../scripts/setup/native.mjs';
import { announcedBytes, cudaRequirements, pipWords } from '../../scripts/setup/wheel.mjs';

describe('which native backend is tried', () => {
  test('CONTRAST_BACKEND decides', async () => {
    expect(await wantedVariants('wasm')).toEqual([]);
    expect(await wantedVariants('cpu')).toEqual(['cpu']);
    expect(await wantedVariants('gpu')).toEqual(['gpu', 'cpu']);
  });

  test('an unknown value is an error that names it', async () => {
    await expect(wantedVariants('cuda')).rejects.toThrow('cuda');
  });
});

describe('why it is not a better backend', () => {
  test('nothing to say when the best was set up', () => {
    expect(explain(['cpu'], [])).toEqual({ reason: null, cure: null });
  });

  test('each failed attempt with its reason, each cure once', () => {
    const { reason, cure } = explain(
      ['gpu', 'cpu'],
      [
        { name: 'gpu', message: 'there is no compiler', cure: 'Install g++.' },
        { name: 'cpu', message: 'there is no compiler', cure: 'Install g++.' },
        { name: 'published build', message: 'the server does not answer', cure: null },
      ],
    );
    expect(reason).toBe(
      'gpu: there is no compiler; cpu: there is no compiler; published build: the server does not answer',
    );
    expect(cure).toBe('Install g++. Then run "npm run setup".');
  });
});

test('the CUDA wheels are those of the extra "and-cuda", whatever the quotes and spaces', () => {
  const metadata = [
    'Name: tensorflow',
    'Requires-Dist: numpy>=1.26.0',
    'Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"',
    "Requires-Dist: nvidia-cudnn-cu12 (<10.0,>=9.3.0.75) ; extra == 'and-cuda'",
    'Requires-Dist: something; extra == "other"',
  ].join('\n');
  expect(cudaRequirements(metadata)).toEqual([
    'nvidia-cublas-cu12<13.0,>=12.5.3.2',
    'nvidia-cudnn-cu12<10.0,>=9.3.0.75',
  ]);
});

test("pip's own last error is what is told", () => {
  const output = 'Collecting x\nERROR: Could not find a version\nERROR: No matching distribution found for x==1\n';
  expect(pipWords(output)).toBe('No matching distribution found for x==1');
});

test("pip's announcement of a download gives the total of the progress", () => {
  expect(announcedBytes('  Downloading tensorflow_cpu-2.21.0-cp312.whl (273.8 MB)')).toBe(273.8e6);
  expect(announcedBytes('  Downloading small.whl (12 kB)')).toBe(12e3);
  expect(announcedBytes('Collecting tensorflow-cpu==2.21.0')).toBe(0);
});
