import iconv from 'iconv-lite';

/**
 * Decoding of short cells. A general decoder costs about a microsecond a call, four Chinese cells a row; this table
 * does the two-byte codes (all but some rare characters) and hands the four-byte ones to iconv-lite.
 */
const LEAD_MIN = 0x81;
const LEAD_MAX = 0xfe;
const TRAIL_MIN = 0x40;
const TRAIL_MAX = 0xfe;
const TRAILS = TRAIL_MAX - TRAIL_MIN + 1;
const LOST = 0xfffd;

const SPACE = 0x20;
/** A lone 0x80 is the euro sign of code page 936. */
const EURO = 0x20ac;

let table: Uint16Array | null = null;
let units = new Uint16Array(512);
let bytes = Buffer.from(units.buffer);

/** Text of `buffer[start..end)`; a byte that means nothing, and a control character, becomes U+FFFD. */
export function decodeGb18030(buffer: Buffer, start: number, end: number): string {
  table ??= buildTable();
  if (units.length < end - start) {
    units = new Uint16Array(2 * (end - start));
    bytes = Buffer.from(units.buffer);
  }
  const target = units;
  let count = 0;
  for (let at = start; at < end; at += 1) {
    const lead = buffer[at] ?? 0;
    if (lead < 0x80) {
      target[count++] = lead < SPACE ? LOST : lead;
      continue;
    }
    const trail = at + 1 < end ? (buffer[at + 1] ?? 0) : 0;
    if (lead === 0x80 || lead > LEAD_MAX || trail < TRAIL_MIN || trail > TRAIL_MAX) {
      if (trail >= 0x30 && trail <= 0x39 && lead !== 0x80) return decodeSlowly(buffer, start, end);
      target[count++] = lead === 0x80 ? EURO : LOST;
      continue;
    }
    const unit = table[(lead - LEAD_MIN) * TRAILS + trail - TRAIL_MIN] ?? 0;
    target[count++] = unit === 0 ? LOST : unit;
    // A lead byte that fits no trail is lost alone; what follows may be good.
    if (unit !== 0) at += 1;
  }
  if (count === 2) return String.fromCharCode(target[0] ?? 0, target[1] ?? 0);
  if (count === 3) return String.fromCharCode(target[0] ?? 0, target[1] ?? 0, target[2] ?? 0);
  return bytes.toString('utf16le', 0, count * 2);
}

const decodeSlowly = (buffer: Buffer, start: number, end: number): string =>
  replaceControls(iconv.decode(buffer.subarray(start, end), 'gb18030'));

/** A control character cannot stand in a database text (NUL) or on a screen: U+FFFD, as for any lost byte. */
export function replaceControls(text: string): string {
  let clean = '';
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= SPACE) continue;
    clean += `${text.slice(from, at)}\ufffd`;
    from = at + 1;
  }
  return from === 0 ? text : clean + text.slice(from);
}

function buildTable(): Uint16Array {
  const built = new Uint16Array((LEAD_MAX - LEAD_MIN + 1) * TRAILS);
  const pair = Buffer.alloc(2);
  for (let lead = LEAD_MIN; lead <= LEAD_MAX; lead += 1) {
    for (let trail = TRAIL_MIN; trail <= TRAIL_MAX; trail += 1) {
      pair[0] = lead;
      pair[1] = trail;
      const text = iconv.decode(pair, 'gb18030');
      if (text.length === 1) built[(lead - LEAD_MIN) * TRAILS + trail - TRAIL_MIN] = text.charCodeAt(0);
    }
  }
  return built;
}

export type Encoding = 'ascii' | 'gb18030' | 'utf8';

/** Below this many two-byte codes nothing can be said about plausibility. */
const PAIRS_MIN = 16;
/** Chinese text lies in GB 2312 to well over nine tenths; Big5 or Shift-JIS read as GB18030 to about a third. */
const PLAUSIBLE_SHARE = 0.6;

interface ByteCensus {
  high: number;
  han3: number;
  brokenUtf8: number;
  pairs: number;
  common: number;
  brokenGb: number;
}

/** The encoding of a sample of cells, or null when it is neither UTF-8 nor GB18030. Cut the sample at cell ends. */
export function detectEncoding(cells: Iterable<Uint8Array>): Encoding | null {
  const census: ByteCensus = { high: 0, han3: 0, brokenUtf8: 0, pairs: 0, common: 0, brokenGb: 0 };
  for (const cell of cells) {
    countUtf8(cell, census);
    countGb(cell, census);
  }
  if (census.high === 0) return 'ascii';
  if (census.brokenUtf8 === 0 && census.han3 > 0) return 'utf8';
  if (census.pairs === 0) return null;
  if (census.brokenGb > census.pairs / 10 + 1) return null;
  const share = census.common / census.pairs;
  return census.pairs >= PAIRS_MIN && share < PLAUSIBLE_SHARE ? null : 'gb18030';
}

function countUtf8(cell: Uint8Array, census: ByteCensus): void {
  for (let at = 0; at < cell.length; ) {
    const lead = cell[at] ?? 0;
    if (lead < 0x80) {
      at += 1;
      continue;
    }
    census.high += 1;
    const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4) census.brokenUtf8 += 1;
    let seen = 1;
    while (seen < length && ((cell[at + seen] ?? 0) & 0xc0) === 0x80) seen += 1;
    // A fixed-width field may cut the last character: that is not a broken one.
    if (seen < length && at + seen < cell.length) census.brokenUtf8 += 1;
    if (seen === 3 && lead >= 0xe3 && lead <= 0xe9) census.han3 += 1;
    at += seen;
  }
}

function countGb(cell: Uint8Array, census: ByteCensus): void {
  for (let at = 0; at < cell.length; ) {
    const lead = cell[at] ?? 0;
    if (lead < 0x80) {
      at += 1;
      continue;
    }
    const trail = cell[at + 1] ?? 0;
    if (lead > 0x80 && lead < 0xff && trail >= 0x30 && trail <= 0x39) {
      census.pairs += 1;
      census.common += 1;
      at += 4;
    } else if (lead > 0x80 && lead < 0xff && trail >= 0x40 && trail !== 0x7f && trail !== 0xff) {
      census.pairs += 1;
      if (trail >= 0xa1 && ((lead >= 0xb0 && lead <= 0xf7) || lead === 0xa1 || lead === 0xa3))
        census.common += 1;
      at += 2;
    } else {
      census.brokenGb += 1;
      at += 1;
    }
  }
}
