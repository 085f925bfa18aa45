/** The machine that the studio runs on. */
import type { DoctorCheck, FolderListing, SystemInfo } from '../../common/system.ts';

export interface SystemService {
  info(): Promise<SystemInfo>;
  doctor(): Promise<DoctorCheck[]>;
  /** Folders to choose from, for a page that has no native dialog. Reads only. */
  browse(path?: string): Promise<FolderListing>;
}
