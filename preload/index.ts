/** Gives the page one port to the router, when it asks for it, and nothing else. */
import { ipcRenderer } from 'electron';
import { portHandshake } from '../common/port.ts';

window.addEventListener('message', ({ data, source, ports }) => {
  // The answer arrives here as well: it is told from the question by the port that it carries.
  if (source !== window || data !== portHandshake || ports.length > 0) return;
  const channel = new MessageChannel();
  ipcRenderer.postMessage(portHandshake, null, [channel.port1]);
  window.postMessage(portHandshake, window.location.origin, [channel.port2]);
});
