// Reads a QR code from what the screen shows, as the camera of a phone does: with a decoder that is not ours.
import jsqr from 'jsqr';
import { PNG } from 'pngjs';

/** The text in the QR code of `element`. It must be dark on light: not every app reads the inverse. */
export async function readQr(element) {
  const { data, width, height } = PNG.sync.read(await element.screenshot());
  const found = jsqr(new Uint8ClampedArray(data), width, height, { inversionAttempts: 'dontInvert' });
  if (!found) throw new Error('no QR code can be read');
  return found.data;
}
