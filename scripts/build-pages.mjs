// npm run build:pages: the pages alone, as the browser door needs them; "npm run build" makes the desktop's parts too.
import { build } from 'vite';
import configuration from '../electron.vite.config.ts';

await build({
  configFile: false,
  base: './',
  ...configuration.renderer,
  build: { emptyOutDir: true, ...configuration.renderer.build },
});
