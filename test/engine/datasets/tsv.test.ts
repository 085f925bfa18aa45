import { describe, expect, test } from 'vitest';
import { createRowFinder, imageColumn, parseLineIndex } from '../../../engine/datasets/tsv.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('the line index of a TSV', () => {
  test('gives where each row begins, and the end', () => {
    expect([...parseLineIndex('a.lineidx', '0\n10\n25\n', 40)]).toEqual([0, 10, 25, 40]);
    expect([...parseLineIndex('a.lineidx', '0\r\n10\r\n', 12)]).toEqual([0, 10, 12]);
  });

  test('is refused with the line that is wrong', () => {
    const refused = (text: string) => () => parseLineIndex('a.lineidx', text, 40);
    expect(refused('0\nten\n')).toThrow('a.lineidx, line 2: "ten" is no number');
    expect(refused('3\n10\n')).toThrow('a.lineidx, line 1: the first row begins at byte 0, not 3');
    expect(refused('0\n10\n10\n')).toThrow('a.lineidx, line 3: 10 does not come after 10');
    expect(refused('0\n10\n40\n')).toThrow('a.lineidx, line 3: 40 is beyond the end of the TSV (40 bytes)');
  });
});

describe('rows without an index', () => {
  const text = `${Array.from({ length: 3000 }, (_, row) => `n${row}\t0\t${'A'.repeat(row % 7)}`).join('\n')}\n`;

  test.each([1, 7, 4096, 1 << 20])('are the same in chunks of %i bytes', (chunk) => {
    const finder = createRowFinder();
    const all = bytes(text);
    for (let at = 0; at < all.length; at += chunk) finder.add(all.subarray(at, at + chunk));
    const offsets = finder.end();
    expect(offsets).toHaveLength(3001);
    for (const row of [0, 1, 1500, 2999]) {
      expect(text.slice(offsets[row], offsets[row + 1])).toBe(`n${row}\t0\t${'A'.repeat(row % 7)}\n`);
    }
  });

  test('a last row without a line end counts, empty lines do not', () => {
    const finder = createRowFinder();
    finder.add(bytes('a\t0\tQUJD\n\n\nb\t1\tQUJD'));
    expect([...finder.end()]).toEqual([0, 11, 19]);
  });
});

describe('a row', () => {
  test('has its image in the last column', () => {
    expect(imageColumn('a.tsv', 1, 'name\t3\tQUJD\r\n')).toBe('QUJD');
    expect(imageColumn('a.tsv', 1, 'name\t3\tsomething\tQUI=\n')).toBe('QUI=');
  });

  test('is refused with its line', () => {
    expect(() => imageColumn('a.tsv', 7, 'name\tQUJD\n')).toThrow('a.tsv, line 7: 2 columns instead of 3');
    expect(() => imageColumn('a.tsv', 8, 'name\t3\t\n')).toThrow('a.tsv, line 8: there is no image');
    expect(() => imageColumn('a.tsv', 9, 'name\t3\tno image\n')).toThrow(
      'a.tsv, line 9: its last column is not base64',
    );
  });
});
