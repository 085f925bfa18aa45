/** What every chart looks like: its letters, its levels, and the box that tells of a point. */
import type { axisColours } from './palette.ts';

export const chartFont = { family: "'Inter Variable', sans-serif", size: 11 };

/** A level to read curves against: a dashed line over the whole width with its name on it. */
export function levelLine(
  value: number,
  { content, position }: { content: string; position: 'center' | 'end' },
  colours: (typeof axisColours)['light' | 'dark'],
) {
  return {
    type: 'line' as const,
    yMin: value,
    yMax: value,
    borderColor: colours.reference,
    borderWidth: 1,
    borderDash: [4, 4],
    label: {
      display: true,
      content,
      position,
      backgroundColor: `${colours.label}dd`,
      color: colours.text,
      font: { ...chartFont, weight: 'normal' as const },
      padding: { x: 4, y: 1 },
    },
  };
}

export function tooltipLook(scheme: 'light' | 'dark') {
  return {
    backgroundColor: scheme === 'light' ? '#212529f2' : '#f1f3f5f2',
    titleColor: scheme === 'light' ? '#fff' : '#212529',
    bodyColor: scheme === 'light' ? '#fff' : '#212529',
    padding: 8,
    cornerRadius: 6,
    displayColors: false,
    titleFont: chartFont,
    bodyFont: chartFont,
  };
}
