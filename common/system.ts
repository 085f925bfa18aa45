/** What the System page and `contrast doctor` show of the machine. */

export interface SystemInfo {
  version: string;
  workspace: string;
  platform: string;
  architecture: string;
  hostname: string;
  versions: { node: string; electron: string | null; packages: Record<string, string> };
  cpu: { model: string; cores: number };
  memory: { totalBytes: number; freeBytes: number };
  disk: { totalBytes: number; freeBytes: number };
  backend: BackendInfo;
}

/** What set-up found or built; training runs on the first of `devices` unless told otherwise. */
export interface BackendInfo {
  /** native: TensorFlow's own library; wasm: WebAssembly; null: set-up has not run. */
  name: 'native' | 'wasm' | null;
  devices: ('gpu' | 'cpu' | 'wasm')[];
  tensorflow: string | null;
  /** Why it is not a better one, and what to do about it. */
  reason: string | null;
  cure: string | null;
}

export interface DoctorCheck {
  name: string;
  level: 'ok' | 'warning' | 'error';
  message: string;
  cure?: string;
}

/** What `worker/probe.ts` found when it tried to compute. */
export type ProbeResult =
  | {
      ok: true;
      backend: 'native' | 'wasm';
      device: 'gpu' | 'cpu';
      versions: Record<string, string>;
      /** Why it is not a better backend, with the cure. */
      note?: string;
      gigaflops: number;
      /** Why images cannot be read; null when they can. */
      images: string | null;
    }
  | { ok: false; message: string; cure?: string };

export interface FolderListing {
  path: string;
  parent: string | null;
  folders: FolderEntry[];
  /** Images directly in the folder. */
  images: number;
  /** Checkpoint files directly in it, by their names; empty unless they were asked for. */
  checkpoints: FileEntry[];
  /** There are more folders or files than were listed. */
  truncated: boolean;
  shortcuts: { label: string; path: string }[];
}

export interface FileEntry {
  name: string;
  path: string;
  sizeBytes: number;
}

export interface FolderEntry {
  name: string;
  path: string;
  /** Images directly in it; null where it could not be read or the time was up. */
  images: number | null;
}

/** A data set that is in the workspace or that a run has used. */
export interface DatasetEntry {
  path: string;
  name: string;
  /** Images counted, at least; null where nothing is there any more. */
  images: number | null;
  /** The count stopped before the end. */
  atLeast: boolean;
  classes: number | null;
  /** Has train/ and val/ with classes, so that kNN can be measured on it. */
  probe: boolean;
  lastUsedAt: string | null;
}
