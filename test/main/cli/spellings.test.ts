import { expect, test } from 'vitest';
import { spelled } from '../../../main/cli/spellings.ts';

test("SEED's flags with dashes, and words for on and off", () => {
  expect(spelled(['distill', '/data', '--teacher-ssl', 'swav', '--student_mlp', 'True', '--cos', 'False'])).toEqual([
    'distill',
    '/data',
    '--teacher_ssl',
    'swav',
    '--student_mlp',
    '--no-cos',
  ]);
  expect(spelled(['distill', '--student-arch=resnet18', '--cos=true'])).toEqual([
    'distill',
    '--student_arch=resnet18',
    '--cos',
  ]);
});

test('what follows a switch is a word of its own unless it says on or off', () => {
  expect(spelled(['train', '--cos', '/data'])).toEqual(['train', '--cos', '/data']);
  expect(spelled(['train', '--aug-plus', '--cos', '--lr', '0.06'])).toEqual([
    'train',
    '--aug-plus',
    '--cos',
    '--lr',
    '0.06',
  ]);
});

test('values and other verbs stay as they are', () => {
  expect(spelled(['distill', '--name', 'a_b', '--distill', '/some_path'])).toEqual([
    'distill',
    '--name',
    'a_b',
    '--distill',
    '/some_path',
  ]);
  expect(spelled(['serve', '--no_open'])).toEqual(['serve', '--no_open']);
});
