// PNG files as the browsers write them (8 bits, RGB or RGBA, not interlaced), for tests that look at pixels.
import assert from 'node:assert/strict';
import { inflateSync } from 'node:zlib';

// { width, height, data }: RGBA, a row after the other.
export function DecodePng(file) {
  assert.equal(file.readUInt32BE(0), 0x89504e47, 'a PNG');
  const parts = [];
  let header;
  for (let at = 8; at < file.length; ) {
    const size = file.readUInt32BE(at);
    const kind = file.toString('latin1', at + 4, at + 8);
    const body = file.subarray(at + 8, at + 8 + size);
    if (kind === 'IHDR') header = body;
    if (kind === 'IDAT') parts.push(body);
    at += 12 + size;
  }
  const width = header.readUInt32BE(0);
  const height = header.readUInt32BE(4);
  const channels = { 2: 3, 6: 4 }[header[9]];
  assert.ok(header[8] === 8 && channels && header[12] === 0, 'of a kind that is read here');
  const raw = inflateSync(Buffer.concat(parts));
  const row_bytes = width * channels;
  const data = new Uint8Array(width * height * 4);
  let above = new Uint8Array(row_bytes);
  for (let y = 0, at = 0; y < height; ++y) {
    const filter = raw[at++];
    const row = new Uint8Array(raw.subarray(at, at + row_bytes));
    at += row_bytes;
    for (let i = 0; i < row_bytes; ++i) {
      const left = i < channels ? 0 : row[i - channels];
      const corner = i < channels ? 0 : above[i - channels];
      row[i] += [0, left, above[i], (left + above[i]) >> 1, Paeth(left, above[i], corner)][filter];
    }
    for (let x = 0; x < width; ++x) {
      for (let c = 0; c < 4; ++c) data[(y * width + x) * 4 + c] = c < channels ? row[x * channels + c] : 255;
    }
    above = row;
  }
  return { width, height, data };
}

function Paeth(a, b, c) {
  const p = a + b - c;
  const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

// Which part of the pixels differs by more than a shade, 0 to 1. Fonts differ a little from machine to machine.
export function Difference(a, b, shades = 40) {
  assert.deepEqual([a.width, a.height], [b.width, b.height], 'the same size');
  let different = 0;
  for (let i = 0; i < a.data.length; i += 4) {
    let most = 0;
    for (let c = 0; c < 3; ++c) most = Math.max(most, Math.abs(a.data[i + c] - b.data[i + c]));
    if (most > shades) ++different;
  }
  return different / (a.width * a.height);
}

// The box of what is not the background within a rectangle of pixels; null where there is nothing.
export function Ink({ width, height, data }, { x, y, right, bottom }, shades = 64) {
  const At = (px, py) => data.subarray((py * width + px) * 4, (py * width + px) * 4 + 3);
  const [left, top] = [Math.max(0, Math.floor(x)), Math.max(0, Math.floor(y))];
  const background = At(left, top);
  let box = null;
  for (let py = top; py < Math.min(height, Math.ceil(bottom)); ++py) {
    for (let px = left; px < Math.min(width, Math.ceil(right)); ++px) {
      const pixel = At(px, py);
      if (!background.some((value, c) => Math.abs(value - pixel[c]) > shades)) continue;
      box ??= { x: px, y: py, right: px, bottom: py };
      box.x = Math.min(box.x, px);
      box.right = Math.max(box.right, px);
      box.bottom = py;
    }
  }
  return box;
}
