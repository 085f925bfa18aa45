import { describe, expect, test } from 'vitest';
import { readPickle } from '../../../engine/checkpoints/pickle.ts';
import {
  OrderedDictionary,
  PickleDictionary,
  PickleTuple,
  type PickleValue,
  walkPickle,
} from '../../../engine/checkpoints/pickle-values.ts';
import { torchGlobal } from '../../../engine/checkpoints/pytorch-globals.ts';
import { sourceOf } from '../../support/byte-source.ts';

const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Python prints pickles with these escapes, so that a line here is what `pickle.dumps` shows. */
async function read(text: string): Promise<PickleValue> {
  const bytes = latin1(text);
  const rules = { global: torchGlobal, persistent: (id: PickleValue) => id };
  return (await readPickle(sourceOf(bytes, 'x.pkl'), 0, bytes.length, rules)).value;
}

const dictionary = (entries: Record<string, PickleValue>) => new PickleDictionary(Object.entries(entries));

describe('values, as Python pickles them', () => {
  test.each<[string, string, PickleValue]>([
    ['None', '\x80\x02N.', null],
    ['True', '\x80\x02\x88.', true],
    ['-2', '\x80\x02J\xfe\xff\xff\xff.', -2],
    ['300', '\x80\x02M\x2c\x01.', 300],
    ['2**40', '\x80\x02\x8a\x06\x00\x00\x00\x00\x00\x01.', 2 ** 40],
    ['-(2**63)', '\x80\x02\x8a\x08\x00\x00\x00\x00\x00\x00\x00\x80.', -(2n ** 63n)],
    ['0 as an empty long', '\x80\x02\x8a\x00.', 0],
    ['0.1', '\x80\x02G\x3f\xb9\x99\x99\x99\x99\x99\x9a.', 0.1],
    ['text with an umlaut', '\x80\x02X\x02\x00\x00\x00\xc3\xbcq\x00.', 'ü'],
    ['a string of Python 2', '\x80\x02U\x03abc.', 'abc'],
    ['a string of Python 2 that is no text', '\x80\x02U\x02\xff\xfe.', Uint8Array.of(255, 254)],
    ['bytes', '\x80\x04C\x03abc\x94.', Uint8Array.of(97, 98, 99)],
    [
      'bytes of protocol 2',
      '\x80\x02c_codecs\nencode\nX\x02\x00\x00\x00\xc3\xbfX\x06\x00\x00\x00latin1\x86R.',
      Uint8Array.of(255),
    ],
    ['a list', '\x80\x02]q\x00(K\x01K\x02e.', [1, 2]],
    ['a tuple', '\x80\x02K\x01K\x02\x86q\x00.', new PickleTuple([1, 2])],
    ['a set of protocol 4', '\x80\x04\x95\x09\x00\x00\x00\x00\x00\x00\x00\x8f\x94(K\x01K\x02\x90.', new Set([1, 2])],
    ['a set of protocol 2', '\x80\x02c__builtin__\nset\n]K\x01a\x85R.', new Set([1])],
    ['a dict', '\x80\x04}\x94\x8c\x01a\x94K\x01s.', dictionary({ a: 1 })],
    [
      'an OrderedDict of Python 2',
      '\x80\x02ccollections\nOrderedDict\n]](U\x01aK\x01ea\x85R.',
      new OrderedDictionary([['a', 1]]),
    ],
    ['a defaultdict', '\x80\x02ccollections\ndefaultdict\nc__builtin__\nint\n\x85RU\x01aK\x01s.', dictionary({ a: 1 })],
    ['a Namespace', '\x80\x02cargparse\nNamespace\n)\x81}U\x02lrK\x03sb.', dictionary({ lr: 3 })],
    ['a device', '\x80\x02ctorch\ndevice\nU\x04cudaK\x00\x86R.', 'cuda:0'],
    ['a size', '\x80\x02ctorch\nSize\nK\x02K\x03\x86\x85R.', new PickleTuple([2, 3])],
    [
      'a float64 of NumPy',
      '\x80\x02cnumpy._core.multiarray\nscalar\ncnumpy\ndtype\nU\x02f8\x89\x88\x87R(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb' +
        'c_codecs\nencode\nX\x09\x00\x00\x00\x00\x00\x00\x00\x00\x00\xc3\xb8?X\x06\x00\x00\x00latin1\x86R\x86R.',
      1.5,
    ],
  ])('%s', async (_name, pickle, expected) => {
    const value = await read(pickle);
    // Records and ordered dictionaries are dictionaries.
    if (expected instanceof PickleDictionary) expect([...(value as PickleDictionary)]).toEqual([...expected]);
    else expect(value).toEqual(expected);
  });

  test('what is referred to twice is one value', async () => {
    const [first, second] = (await read('\x80\x02](]q\x01h\x01e.')) as PickleValue[];
    expect(first).toBe(second);
  });

  test('a list within itself is read, and walked once', async () => {
    const value = await read('\x80\x02]q\x00h\x00a.');
    let visits = 0;
    walkPickle(value, () => visits++);
    expect(visits).toBe(2);
  });
});

describe('refused, with the file, the place and what was expected', () => {
  test.each([
    ['a function', '\x80\x02cos\nsystem\nU\x02ls\x85R.', 'x.pkl, byte 2: os.system is refused'],
    ['a function by protocol 4', '\x80\x04\x8c\x02os\x8c\x06system\x93.', 'os.system is refused'],
    ['eval', '\x80\x02c__builtin__\neval\n.', 'builtins.eval is refused'],
    ['a name of JavaScript', '\x80\x02cconstructor\nconstructor\n.', 'constructor.constructor is refused'],
    [
      'a class that may only be named',
      '\x80\x02c__builtin__\nint\nK\x01\x85R.',
      'builtins.int is refused: it may be named, but not',
    ],
    ['a name with control characters', '\x80\x02cos\x1b[2J\nx\n.', 'os?[2J.x is refused'],
    ['attributes of a list', '\x80\x02]}b.', 'expected an object with attributes, found a list'],
    ['a call of a text', '\x80\x02U\x01a)R.', 'expected a name to call, found "a"'],
    ['an extension code', '\x80\x02\x82\x01.', 'found 0x82'],
    ['protocol 1', '\x80\x01N.', 'expected pickle protocol 2 to 5, found 1'],
    ['an empty stack', '\x80\x02.', 'expected a value on the stack'],
    ['a missing mark', '\x80\x02t.', 'expected a mark'],
    ['an unknown memo', '\x80\x02h\x07.', 'expected a value stored as 7'],
    [
      'a text that ends',
      '\x80\x02X\xff\xff\xff\xffabc',
      'x.pkl, byte 10: expected the rest of a pickle, but it ends here',
    ],
    ['a 64-bit length', '\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\xff.', 'but it ends here'],
    ['no end', '\x80\x02N', 'expected the rest of a pickle'],
    [
      'an integer of 2 GB',
      `\x80\x02\x8b\xff\xff\xff\x7f${'a'.repeat(200)}.`,
      'expected a whole number of at most 128 bytes',
    ],
    ['text that is not UTF-8', '\x80\x02X\x01\x00\x00\x00\xff.', 'expected text in UTF-8'],
    [
      'an object array of NumPy',
      '\x80\x02cnumpy\ndtype\nU\x02O8\x89\x88\x87R.',
      'expected a NumPy type of numbers or texts, found O8',
    ],
  ])('%s', async (_name, pickle, message) => {
    await expect(read(pickle)).rejects.toMatchObject({
      name: 'AppError',
      code: 'checkpoint-invalid',
      message: expect.stringContaining(message),
    });
  });

  test('100,000 lists in each other', async () => {
    await expect(read(`\x80\x02${']'.repeat(100_000)}${'a'.repeat(99_999)}.`)).rejects.toThrow(
      'at most 500 containers',
    );
  });

  test('a million dicts and more', async () => {
    await expect(read(`\x80\x02(${'}'.repeat(2_100_000)}t.`)).rejects.toThrow('at most 2000000 instructions');
  });

  test('a list that is copied again and again', async () => {
    const list = `(${'N'.repeat(10_000)}e`;
    const copy = 'h\x01h\x00\x85Ra';
    await expect(read(`\x80\x02]q\x00${list}0c__builtin__\nset\nq\x010]${copy.repeat(1000)}.`)).rejects.toThrow(
      'at most 2000000 instructions and items',
    );
  });
});

test('doubling by shared references costs nothing', async () => {
  // 60 levels of [x, x]: 2^60 paths, 61 lists.
  const value = await read(`\x80\x02]q\x00${'h\x00h\x00\x86q\x00'.repeat(60)}.`);
  let visits = 0;
  walkPickle(value, () => visits++);
  expect(visits).toBe(121);
});

test('a pickle longer than the first look is read as a whole', async () => {
  const text = 'a'.repeat(300_000);
  expect(await read(`\x80\x02X\xe0\x93\x04\x00${text}.`)).toBe(text);
});
