/** Gives the page one port to the router, when it asks for it, and the paths of files that the user hands to it. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { type DesktopBridge, desktopBridge, portHandshake } from '../common/port.ts';

const bridge: DesktopBridge = { pathOf: (file) => webUtils.getPathForFile(file) };
contextBridge.exposeInMainWorld(desktopBridge, bridge);

window.addEventListener('message', ({ data, source, ports }) => {
  // The answer arrives here as well: it is told from the question by the port that it carries.
  if (source !== window || data !== portHandshake || ports.length > 0) return;
  const channel = new MessageChannel();
  ipcRenderer.postMessage(portHandshake, null, [channel.port1]);
  window.postMessage(portHandshake, window.location.origin, [channel.port2]);
});
