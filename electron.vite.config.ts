/**
 * Builds everything that Electron runs, and the pages for both doors, to out/. In a checkout nothing else needs it:
 * Node runs the sources as they are.
 */
import { cpSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';

const root = import.meta.dirname;

/** Tests build elsewhere: what is served from here must not be swept away under them. */
const out = resolve(root, process.env.CONTRAST_BUILD_FOLDER ?? 'out');
const built = resolve(out, 'app');

/** Files that are no code are found where they are, from one folder further away; migrations lie beside the code. */
const besideTheCode: Plugin = {
  name: 'beside-the-code',
  enforce: 'pre', // the text is still as it was written
  transform(code, id) {
    const place = resolve(built, relative(root, id));
    return code.replace(/new URL\('(\.[^']+)', import\.meta\.url\)/g, (_all, path: string) => {
      const target = relative(dirname(place), resolve(dirname(id), path));
      return `new URL('${target.replaceAll('\\', '/')}', import.meta.url)`;
    });
  },
  closeBundle() {
    cpSync(resolve(root, 'main/store/migrations'), resolve(built, 'main/store/migrations'), { recursive: true });
  },
};

export default defineConfig({
  main: {
    plugins: [besideTheCode],
    build: {
      outDir: built,
      rollupOptions: {
        input: [
          'main/electron/main.ts',
          'main/electron/worker.ts',
          'worker/loader/loader-thread.ts',
          'worker/probe.ts',
        ].map((entry) => resolve(root, entry)),
        // One file for each of the sources, in the same folders.
        output: { format: 'es', preserveModules: true, preserveModulesRoot: root, entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: resolve(out, 'preload'),
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
      outDir: resolve(out, 'renderer'),
      minify: 'oxc', // the pages also go over networks
      // Browsers that know `light-dark()`: written for older ones, a colour of a style sheet of its own comes out as none.
      cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
      rollupOptions: { input: resolve(root, 'renderer/index.html') },
    },
  },
});
