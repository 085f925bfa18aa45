/**
 * Builds everything that Electron runs, and the pages for both doors, to out/. In a checkout nothing else needs it:
 * Node runs the sources as they are.
 */
import { cpSync } from 'node:fs';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';

const root = import.meta.dirname;

/** Files that the code finds beside itself, by `import.meta.dirname` or as a thread's entry, keep their places. */
const besideTheCode: Plugin = {
  name: 'beside-the-code',
  transform(code) {
    const names = /new URL\((['"])(\.[^'"]+)\.ts\1, import\.meta\.url\)/g;
    return code.replace(names, "new URL('$2.js', import.meta.url)");
  },
  closeBundle() {
    cpSync(resolve(root, 'main/store/migrations'), resolve(root, 'out/app/main/store/migrations'), { recursive: true });
  },
};

export default defineConfig({
  main: {
    plugins: [besideTheCode],
    build: {
      outDir: 'out/app',
      rollupOptions: {
        input: [resolve(root, 'main/electron/main.ts'), resolve(root, 'main/electron/worker.ts')],
        // One file for each of the sources, in the same folders.
        output: { format: 'es', preserveModules: true, preserveModulesRoot: root, entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      // A sandboxed preload is loaded as CommonJS and may require nothing but Electron.
      externalizeDeps: false,
      rollupOptions: {
        input: resolve(root, 'preload/index.ts'),
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(root, 'renderer'),
    plugins: [react()],
    build: {
      outDir: resolve(root, 'out/renderer'),
      rollupOptions: { input: resolve(root, 'renderer/index.html') },
    },
  },
});
