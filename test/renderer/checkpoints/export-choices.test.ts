import { expect, test } from 'vitest';
import { exportChoices, fileNameFor, loadingLine } from '../../../renderer/checkpoints/export-choices.ts';

const offered = (layout: string, arch: string | null) =>
  exportChoices({ layout, arch })
    .filter(({ whyNot }) => !whyNot)
    .map(({ format }) => format);

test('what cannot be written is not offered, and says why', () => {
  expect(offered('moco', 'resnet18')).toEqual(['reference', 'backbone', 'safetensors']);
  expect(offered('torchvision', 'resnet18')).toEqual(['backbone', 'safetensors']);
  expect(offered('seed', null)).toEqual(['reference', 'seed']);
  for (const { whyNot } of exportChoices({ layout: 'plain', arch: null })) expect(whyNot).toMatch(/\w/);
});

test('file names are names on every system', () => {
  expect(fileNameFor({ name: 'Demo: ResNet-18, epoch 2', epoch: 2 }, 'reference')).toBe(
    'Demo-ResNet-18-epoch-2.pth.tar',
  );
  expect(fileNameFor({ name: 'Größe/..\\x', epoch: 200 }, 'backbone')).toMatch(/^[\w.-]+-epoch-200\.pth$/);
  expect(fileNameFor({ name: '…', epoch: null }, 'safetensors')).toBe('checkpoint.safetensors');
});

test('the line of Python survives any path', () => {
  expect(loadingLine({ target: 'C:\\data\\a "b".pth', format: 'backbone' })).toBe(
    'torch.load("C:\\\\data\\\\a \\"b\\".pth", map_location="cpu", weights_only=True)',
  );
  expect(loadingLine({ target: '/a.safetensors', format: 'safetensors' })).toBe(
    'safetensors.torch.load_file("/a.safetensors")',
  );
});
