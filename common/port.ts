/**
 * What the Electron page and the main process say to each other over their MessagePort. Values are cloned by
 * structure, so dates, NaN and undefined survive without being written as text.
 */

/** The page asks for its port by this message and is answered with the same, the port being in `event.ports`. */
export const portHandshake = 'contrast-studio:port';

/** Pages of the desktop application are served under this scheme; everywhere else over HTTP. */
export const desktopScheme = 'contrast';
export const desktopOrigin = `${desktopScheme}://studio`;

/** What the preload adds to the window of the desktop's pages, under this name. */
export const desktopBridge = 'contrastDesktop';
export interface DesktopBridge {
  /** Of a file that was dropped or picked; empty for one that is on no disk. */
  pathOf(file: File): string;
}

export type PortRequest =
  | { id: number; type: 'query' | 'mutation' | 'subscription'; path: string; input: unknown }
  /** The asker is no longer interested: the call is aborted, the subscription ended. */
  | { id: number; type: 'stop' };

export type PortReply =
  /** `eventId` is there for what a subscription gives with `tracked()`. */
  | { id: number; type: 'data'; data: unknown; eventId?: string }
  | { id: number; type: 'started' | 'done' }
  /** A tRPC error shape. */
  | { id: number; type: 'error'; error: unknown };
