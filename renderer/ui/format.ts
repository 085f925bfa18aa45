/** Numbers, times and sizes as the pages write them; digits are chosen so that a live number does not jump about. */

const dash = '–';

/** 3 significant digits: losses, learning rates, seconds a step. */
export function formatSignificant(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined) return dash;
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
  if (value === 0) return '0';
  const magnitude = Math.abs(value);
  if (magnitude < 1e-3 || magnitude >= 1e6) return value.toExponential(digits - 1).replace('e+', 'e');
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(magnitude)));
  return value.toFixed(decimals);
}

/** A percentage that is stored as 0 to 100, two decimals as the field writes accuracies. */
export function formatPercent(value: number | null | undefined): string {
  if (value === null || value === undefined) return dash;
  return Number.isFinite(value) ? `${value.toFixed(2)} %` : formatSignificant(value);
}

export function formatCount(value: number | null | undefined): string {
  return value === null || value === undefined ? dash : value.toLocaleString('en-US');
}

/** Binary units, as disks and memory are told of by the system. */
export function formatBytes(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return dash;
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** 4 s, 2 min 05 s, 3 h 20 min, 2 d 4 h: the two largest units. */
export function formatDuration(milliseconds: number | null | undefined): string {
  if (milliseconds === null || milliseconds === undefined || !Number.isFinite(milliseconds)) return dash;
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const twoDigits = (value: number) => String(value).padStart(2, '0');

/**
 * A moment in local time: the clock for today, with the day otherwise. Written by hand, since a page of a table has
 * hundreds of them: a formatter of the language takes longer to make than to use, and keeps the time zone of its making.
 */
export function formatMoment(moment: Date | string | number, now: Date = new Date()): string {
  const date = new Date(moment);
  const clock = `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
  if (date.toDateString() === now.toDateString()) return clock;
  const year = date.getFullYear() === now.getFullYear() ? '' : ` ${date.getFullYear()}`;
  return `${date.getDate()} ${months[date.getMonth()]}${year}, ${clock}`;
}

/** The full moment in UTC, for a tooltip. */
export function formatUtc(moment: Date | string | number): string {
  return `${new Date(moment).toISOString().replace('T', ' ').slice(0, 19)} UTC`;
}

/** How long ago, for lists: now, 5 min, 3 h, else the day. */
export function formatAgo(moment: Date | string | number, now: Date = new Date()): string {
  const minutes = Math.floor((now.getTime() - new Date(moment).getTime()) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`;
  return formatMoment(moment, now);
}
