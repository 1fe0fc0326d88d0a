// Brings a jar to the daemon, piece by piece.

import {plugins} from './api.js';
import {sha256} from './sha256.js';

const PIECE = 256 * 1024;

/**
 * Uploads a file.
 *
 * @param progress is told which part of it is there
 * @return the number of the upload, for one `deploy`, `verify` or `upgrade`
 */
export async function upload(file, bytes, progress) {
  const {upload} = await plugins({type: 'upload', file: file.name, bytes: bytes.length, sha256: sha256(bytes)});
  for (let offset = 0; offset < bytes.length; offset += PIECE) {
    const piece = bytes.subarray(offset, offset + PIECE);
    await plugins({type: 'chunk', upload, offset, data: base64(piece)}, {timeout: 30_000});
    progress((offset + piece.length) / bytes.length);
  }
  return upload;
}

function base64(bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return btoa(text);
}
