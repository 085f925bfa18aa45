import { expect, test } from 'vitest';
import { parseMetadata, stringifyMetadata } from '../../common/checkpoint-metadata.ts';
import { metadataAt } from '../worker/checkpoints/metadata.ts';

test('metadata comes back from its texts', () => {
  const metadata = metadataAt({
    arch: '18',
    sums: { loss: Number.NaN, acc1: 0.5 },
    config: { schedule: [120, 160], data: 'ä"', nested: { cos: true } },
  });
  const stored = stringifyMetadata(metadata);
  expect(stored).toMatchObject({ formatVersion: '1', arch: '18', imageSize: '32', seed: '3' });
  expect(parseMetadata('c.safetensors', stored)).toEqual(metadata);
});

test('fields of later minor versions are passed over', () => {
  const metadata = metadataAt({});
  expect(parseMetadata('c', { ...stringifyMetadata(metadata), later: '{' })).toEqual(metadata);
});

test.each([
  [{ formatVersion: '2' }, 'c.safetensors has format version 2, newer than 1.'],
  [{ epoch: 'three' }, 'c.safetensors: metadata epoch: '],
  [{ step: '-1' }, 'c.safetensors: metadata step: '],
  [{ config: '[' }, 'c.safetensors: metadata config: '],
  [{ kind: 'gan' }, 'c.safetensors: metadata kind: '],
])('%o is refused by name', (change, message) => {
  const stored = { ...stringifyMetadata(metadataAt({})), ...change };
  expect(() => parseMetadata('c.safetensors', stored)).toThrow(message);
});

test('a file without our fields is told to be foreign', () => {
  expect(() => parseMetadata('c', { format: 'pt' })).toThrow('c is no checkpoint of Contrast Studio');
});
