import { useEffect, useRef, useState } from 'react';

/**
 * Files dropped anywhere on the window; true while some hover over it. Text and links that are dragged about are not
 * its business, nor are files on their way to a control that takes them itself.
 */
export function useFileDrop(onFiles: (files: File[], folders: FileSystemDirectoryEntry[]) => void): boolean {
  const [over, setOver] = useState(false);
  const latest = useRef(onFiles);
  latest.current = onFiles;
  useEffect(() => {
    // Each element that is crossed tells of an entry and a leaving.
    let depth = 0;
    const isOfFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const enter = (event: DragEvent) => {
      if (!isOfFiles(event)) return;
      depth++;
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (!isOfFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    // Without this the browser would open the file in place of the page.
    const hover = (event: DragEvent) => isOfFiles(event) && event.preventDefault();
    const drop = (event: DragEvent) => {
      if (!isOfFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      // Asked for now: when the event is over they are gone.
      const entries = [...(event.dataTransfer?.items ?? [])].map((item) => item.webkitGetAsEntry());
      const folders = entries.filter((entry): entry is FileSystemDirectoryEntry => entry?.isDirectory === true);
      if (files.length > 0) latest.current(files, folders);
    };
    const listeners = { dragenter: enter, dragleave: leave, dragover: hover, drop } as const;
    for (const [name, listener] of Object.entries(listeners)) window.addEventListener(name, listener as EventListener);
    return () => {
      for (const [name, listener] of Object.entries(listeners))
        window.removeEventListener(name, listener as EventListener);
    };
  }, []);
  return over;
}
