/** A view as a part of an address. */
import { type RunsView, runsView } from '../../common/runs-view.ts';

export function savedViewPath(id: string): string {
  return `/runs/views/${encodeURIComponent(id)}`;
}

/** With all of the view in it, so that it works in another workspace too. */
export function sharedViewPath(view: RunsView): string {
  const bytes = new TextEncoder().encode(JSON.stringify(view));
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return `/runs/shared/${base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`;
}

/** Null where it is no view: a link that was cut, say. */
export function readSharedView(text: string): RunsView | null {
  try {
    const letters = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    return runsView.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    return null;
  }
}
