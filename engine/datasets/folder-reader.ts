/** How a listing looks into folders, wherever they are: paths are opaque to it, but for `/` between parts. */
export interface FolderReader {
  /**
   * The entries of a folder in any order, as a stream. Links count as what they lead to, `other` where they lead nowhere.
   * Throws an AppError `data-invalid` that names the folder where it is missing, no folder, or may not be read.
   */
  entries(path: string): AsyncIterable<FolderEntry>;
  /** The same text for the same folder, whichever links lead to it. */
  identity(path: string): Promise<string>;
}

export interface FolderEntry {
  name: string;
  kind: 'file' | 'folder' | 'other';
}

/** How far a scan has come; how much there is in all is not known before its end. */
export interface ScanProgress {
  folders: number;
  files: number;
}
