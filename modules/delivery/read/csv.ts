import iconv from 'iconv-lite';
import { refuse } from './fault.ts';
import { detectEncoding } from './gb18030.ts';
import { type ByteSource, headOf } from './source.ts';

export type CsvEncoding = 'utf8' | 'gb18030' | 'utf16le' | 'ascii';

export interface CsvText {
  encoding: CsvEncoding;
  delimiter: string;
  /** Every line with its number in the file (1-based, a quoted cell may span lines). */
  lines(): AsyncGenerator<CsvLine, void, undefined>;
}

export interface CsvLine {
  number: number;
  cells: string[];
}

const SAMPLE_BYTES = 1 << 18;
const DELIMITERS = [',', '\t', ';', '|'] as const;
/** More than a spreadsheet cell can hold: a quote that was never closed. */
export const CELL_CHARS_MAX = 32_767;
export const COLUMNS_MAX = 1024;

/** Tells encoding and delimiter from the start of the file. */
export async function openCsv(source: ByteSource): Promise<CsvText> {
  const head = await headOf(source, SAMPLE_BYTES);
  if (head.length === 0) refuse('file_empty', { file: source.name }, '文件是空的');
  const encoding = encodingOf(head, source);
  const firstLines = iconv.decode(head, encoding === 'ascii' ? 'gb18030' : encoding).split(/\r\n|\n|\r/, 10);
  const delimiter = delimiterOf(firstLines);
  return { encoding, delimiter, lines: () => readLines(source, encoding, delimiter) };
}

function encodingOf(head: Buffer, source: ByteSource): CsvEncoding {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf8';
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf16le';
  if (head.includes(0)) refuse('code_page', { file: source.name }, '文件中有 NUL 字节，不是文本文件');
  const cells = splitBytes(head, head.length < source.size);
  const encoding = detectEncoding(cells);
  return encoding ?? refuse('code_page', { file: source.name }, '文字既不是 UTF-8 也不是 GB18030（GBK）');
}

/** Pieces between ASCII separators; the last one is dropped when the sample may have cut it. */
function* splitBytes(head: Buffer, cut: boolean): Generator<Buffer> {
  let start = 0;
  for (let at = 0; at < head.length; at += 1) {
    const byte = head[at];
    if (byte !== 0x0a && byte !== 0x0d && byte !== 0x2c && byte !== 0x09) continue;
    if (at > start) yield head.subarray(start, at);
    start = at + 1;
  }
  if (!cut && start < head.length) yield head.subarray(start);
}

/** The delimiter that splits the lines into most cells, the same number on each where it can be. */
function delimiterOf(lines: readonly string[]): string {
  const counts = DELIMITERS.map((delimiter) => {
    const widths = lines
      .filter((line) => line.trim() !== '')
      .map((line) => line.replace(/"(?:[^"]|"")*"/g, '').split(delimiter).length);
    return Math.max(0, ...widths);
  });
  const best = Math.max(...counts);
  return best > 1 ? (DELIMITERS[counts.indexOf(best)] ?? ',') : ',';
}

async function* readLines(
  source: ByteSource,
  encoding: CsvEncoding,
  delimiter: string,
): AsyncGenerator<CsvLine, void, undefined> {
  const machine = lineMachine(source.name, delimiter);
  let first = true;
  for await (const text of encoding === 'gb18030' || encoding === 'ascii'
    ? gbText(source)
    : unicodeText(source, encoding)) {
    yield* machine.push(first ? text.replace(/^\ufeff/, '') : text);
    first = false;
  }
  yield* machine.end();
}

async function* unicodeText(source: ByteSource, encoding: 'utf8' | 'utf16le'): AsyncGenerator<string> {
  const decoder = iconv.getDecoder(encoding);
  for await (const chunk of source.chunks()) yield decoder.write(chunk);
  yield decoder.end() ?? '';
}

/** No byte below this is part of a longer code of GB18030: behind it a code begins. */
const GB_TRAIL_MIN = 0x30;
/** Longer without such a byte (comma, tab, line end, blank) is no table. */
const STRETCH_BYTES_MAX = 1 << 20;

/**
 * Pieces cut between two codes. The stream decoder of the library would take any piece, but loses the last characters of one
 * that begins within a broken code.
 */
async function* gbText(source: ByteSource): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of source.chunks()) {
    const bytes = Buffer.concat([rest, chunk]);
    const end = bytes.findLastIndex((byte) => byte < GB_TRAIL_MIN) + 1;
    if (end > 0) yield iconv.decode(bytes.subarray(0, end), 'gb18030', { stripBOM: false });
    rest = bytes.subarray(end);
    if (rest.length > STRETCH_BYTES_MAX) {
      refuse(
        'field_too_large',
        { file: source.name },
        `连续 ${STRETCH_BYTES_MAX >> 20} MB 没有逗号、空格或换行`,
      );
    }
  }
  yield iconv.decode(rest, 'gb18030', { stripBOM: false });
}

interface LineMachine {
  push(text: string): Generator<CsvLine>;
  end(): Generator<CsvLine>;
}

type CellPlace = 'start' | 'plain' | 'quoted' | 'quote';

/** RFC 4180 with any line end; text after a closing quote is refused rather than guessed at. */
function lineMachine(file: string, delimiter: string): LineMachine {
  let cells: string[] = [];
  let cell = '';
  let place: CellPlace = 'start';
  let line = 1;
  let startLine = 1;
  let before = '';

  const endCell = (): void => {
    if (cell.length > CELL_CHARS_MAX) tooLarge(file, startLine, cells.length);
    cells.push(cell);
    if (cells.length > COLUMNS_MAX) {
      refuse('field_too_large', { file, row: startLine }, `一行超过 ${COLUMNS_MAX} 列`);
    }
    cell = '';
    place = 'start';
  };
  const endLine = (): CsvLine => {
    endCell();
    const finished = { number: startLine, cells };
    cells = [];
    startLine = line;
    return finished;
  };
  const step = (char: string): boolean => {
    if (place === 'quoted') {
      if (char === '"') place = 'quote';
      else cell += char;
      return false;
    }
    if (char === delimiter) endCell();
    else if (char === '\n' || char === '\r') return true;
    else if (char === '"' && place === 'quote') {
      cell += '"';
      place = 'quoted';
    } else if (place === 'quote') {
      refuse('quote_open', { file, row: startLine, column: `第${cells.length + 1}` }, '引号之后还有文字');
    } else if (char === '"' && place === 'start') place = 'quoted';
    else {
      cell += char;
      place = 'plain';
    }
    return false;
  };
  return {
    *push(text) {
      for (let at = 0; at < text.length; at += 1) {
        const char = text[at] ?? '';
        // CR LF ends one line, inside quotes too.
        const pair = before === '\r' && char === '\n';
        before = char;
        if (pair && place !== 'quoted') continue;
        if ((char === '\r' || char === '\n') && !pair) line += 1;
        if (step(char)) yield endLine();
        if (cell.length > CELL_CHARS_MAX) tooLarge(file, startLine, cells.length);
      }
    },
    *end() {
      if (place === 'quoted') refuse('quote_open', { file, row: startLine }, '引号没有结束');
      if (cells.length > 0 || cell !== '') yield endLine();
    },
  };
}

function tooLarge(file: string, row: number, column: number): never {
  refuse('field_too_large', { file, row, column: `第${column + 1}` }, `一格超过 ${CELL_CHARS_MAX} 个字符`);
}
