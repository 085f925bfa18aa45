/** What every chart looks like: its letters, and the box that tells of a point. */
export const chartFont = { family: "'Inter Variable', sans-serif", size: 11 };

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
