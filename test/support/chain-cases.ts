/** A chain of three trainings that the test worker plays, each on data of its own so that each can end in its own way. */
import type { ChainFile } from '../../common/chains.ts';
import { trainConfigFor } from './studio-fixtures.ts';

export function threeLinks(data: Record<'one' | 'two' | 'three', string>): ChainFile {
  return {
    ...{ id: 'three', title: 'Three in a row', summary: '', source: '', expect: '', inputs: { teacher: 'a file' } },
    links: [
      { name: 'one', title: 'First', kind: 'train', config: trainConfigFor(data.one) },
      {
        name: 'two',
        title: 'Second',
        kind: 'train',
        config: { ...trainConfigFor(data.two), resume: '{one}', restart: true },
      },
      {
        name: 'three',
        title: 'Third',
        kind: 'train',
        config: { ...trainConfigFor(data.three), resume: '{two}', restart: true },
      },
    ],
  };
}
