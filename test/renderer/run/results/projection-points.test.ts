import { expect, test } from 'vitest';
import { isInside, nearestPlace, placesOn, readPoints } from '../../../../renderer/run/results/projection-points.ts';

test('paths and classes may hold commas, quotes and line ends', () => {
  const csv =
    'path,label,x,y,view\n"/a, ""b""/1.png","big\ncat",-1.5,2e-3,0\n/c/2.png,dog,3,4,2\n/c/3.png,dog,nan,4,2\n';
  expect(readPoints(csv)).toEqual([
    { path: '/a, "b"/1.png', label: 'big\ncat', x: -1.5, y: 0.002, view: 0 },
    { path: '/c/2.png', label: 'dog', x: 3, y: 4, view: 2 },
  ]);
});

test('images without classes and views', () => {
  expect(readPoints('path,label,x,y\r\n/1.png,,1,2\r\n')).toEqual([
    { path: '/1.png', label: '', x: 1, y: 2, view: null },
  ]);
});

test('points fill the square in the middle, with one scale for both axes', () => {
  const points = readPoints('path,label,x,y\na,,0,0\nb,,10,5\n');
  expect(placesOn(points, 120, 10)).toEqual([
    { x: 10, y: 85 },
    { x: 110, y: 35 },
  ]);
  expect(placesOn(points.slice(0, 1), 120, 10)).toEqual([{ x: 60, y: 60 }]);
});

test('the nearest place, if it is near enough', () => {
  const places = [
    { x: 0, y: 0 },
    { x: 10, y: 0 },
  ];
  expect(nearestPlace(places, { x: 8, y: 1 }, 5)).toBe(1);
  expect(nearestPlace(places, { x: 5, y: 40 }, 5)).toBe(-1);
});

test('an outline with a dent', () => {
  const outline = [
    { x: 0, y: 0 },
    { x: 10, y: 0 },
    { x: 10, y: 10 },
    { x: 5, y: 3 },
    { x: 0, y: 10 },
  ];
  expect(isInside(outline, { x: 2, y: 2 })).toBe(true);
  expect(isInside(outline, { x: 5, y: 8 })).toBe(false);
  expect(isInside(outline, { x: 12, y: 2 })).toBe(false);
});
