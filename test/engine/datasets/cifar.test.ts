import { describe, expect, test } from 'vitest';
import { cifarBinary, cifarLayout, cifarPicture } from '../../../engine/datasets/cifar.ts';

const record = (labels: number[], first: number) =>
  Uint8Array.from({ length: labels.length + 3072 }, (_, at) =>
    at < labels.length ? labels[at]! : (first + at - labels.length) % 251,
  );

describe('CIFAR', () => {
  test('files tell which it is and how it is written', () => {
    const ten = ['1', '2', '3', '4', '5'].map((number) => `data_batch_${number}`);
    expect(cifarLayout(new Set([...ten, 'test_batch', 'readme.html']))).toMatchObject({
      dataset: 'cifar10',
      format: 'pickle',
    });
    expect(cifarLayout(new Set(['train.bin', 'test.bin']))).toMatchObject({ dataset: 'cifar100', format: 'binary' });
    expect(cifarLayout(new Set(ten))).toBeUndefined(); // a batch is missing
  });

  test('binary records: the fine label counts, planes are woven into pixels', () => {
    const bytes = new Uint8Array([...record([7, 42], 0), ...record([1, 99], 5)]);
    const batch = cifarBinary('train.bin', bytes, 'cifar100');
    expect([...batch.labels]).toEqual([42, 99]);
    const { data } = cifarPicture(batch, 1);
    // Pixel 33 is row 1, column 1; red, green and blue lie 1,024 bytes apart.
    expect([...data.subarray(99, 102)]).toEqual([0, 1, 2].map((channel) => (5 + channel * 1024 + 33) % 251));
  });

  test('what is wrong is named', () => {
    expect(() => cifarBinary('a.bin', new Uint8Array(3000), 'cifar10')).toThrow('a.bin is no batch of CIFAR');
    expect(() => cifarBinary('a.bin', record([10], 0), 'cifar10')).toThrow('picture 0 has the label 10');
  });
});
