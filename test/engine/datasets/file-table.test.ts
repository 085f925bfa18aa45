import { describe, expect, it } from 'vitest';
import { FileTableBuilder } from '../../../engine/datasets/file-table.ts';
import fc from '../../support/fast-check.ts';

describe('FileTable', () => {
  it('gives back every path and label, in the order added', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((text) => !text.includes('/'));
    const folders = fc.array(
      fc.record({
        folder: fc.oneof(fc.constant(''), name),
        label: fc.integer({ min: -1, max: 2000 }),
        names: fc.array(name),
      }),
    );
    fc.assert(
      fc.property(folders, (added) => {
        const builder = new FileTableBuilder();
        for (const { folder, label, names } of added) builder.addFolder(folder, label, names);
        const table = builder.build();
        const paths = added.flatMap(({ folder, names }) =>
          names.map((file) => (folder === '' ? file : `${folder}/${file}`)),
        );
        expect([...table.paths()]).toEqual(paths);
        expect([...table.labels()]).toEqual(added.flatMap(({ label, names }) => names.map(() => label)));
        expect(builder.length).toBe(paths.length);
      }),
    );
  });

  it('keeps growing past its first buffers', () => {
    const builder = new FileTableBuilder();
    const names = Array.from({ length: 5000 }, (_, index) => `\u{1F436}-${index}-${'x'.repeat(index % 50)}.png`);
    builder.addFolder('a/b', 7, names);
    const table = builder.build();
    for (const index of [0, 1023, 1024, 4999]) expect(table.path(index)).toBe(`a/b/${names[index]}`);
    expect(table.label(4999)).toBe(7);
  });

  it('keeps each name in its own folder across every growth of its buffers', () => {
    const builder = new FileTableBuilder();
    const expected: string[] = [];
    for (let folder = 0; folder < 300; folder++) {
      const names = Array.from({ length: 40 }, (_, index) => `${index}.png`);
      builder.addFolder(`class-${folder}`, folder, names);
      expected.push(...names.map((name) => `class-${folder}/${name}`));
    }
    const table = builder.build();
    expect([...table.paths()]).toEqual(expected);
    expect(table.labels()).toEqual(Int32Array.from(expected, (_, index) => Math.floor(index / 40)));
  });

  it('refuses an index that is not there', () => {
    const table = new FileTableBuilder().build();
    expect(() => table.path(0)).toThrow(RangeError);
    expect(() => table.label(-1)).toThrow(RangeError);
    expect(() => table.path(Number.NaN)).toThrow(RangeError);
  });
});
