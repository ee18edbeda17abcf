import type { CsvLine } from './csv.ts';
import { CELL_CHARS_MAX, COLUMNS_MAX } from './csv.ts';
import { refuse } from './fault.ts';
import { type ByteSource, measured } from './source.ts';
import { type TextList, textList } from './text-list.ts';
import { type XmlToken, xmlTokens } from './xml.ts';
import { openZip, type Zip, type ZipLimits } from './zip.ts';

/** A workbook is a zip of XML. Its own, narrower limits: shared strings are held in memory, the sheet streams. */
export const XLSX_LIMITS: ZipLimits = {
  entries: 2_000,
  unpackedBytes: 2 ** 31,
  ratio: 100,
  ratioFromBytes: 8 * 2 ** 20,
};

const SHARED_BYTES_MAX = 64 * 2 ** 20;
const SHARED_STRINGS_MAX = 1_000_000;
const ROWS_MAX = 1_048_576;

export interface XlsxSheet {
  title: string;
  lines(): AsyncGenerator<CsvLine, void, undefined>;
  /** How much of the sheet the last reading has passed, 0 to 1. */
  share(): number;
}

export interface Workbook {
  /** Those that are shown, in their order. */
  sheets: XlsxSheet[];
  close(): void;
}

const SHEETS_MAX = 100;

/** Text only: numbers as written, formulas by their stored value. */
export async function openXlsx(path: string, file: string): Promise<Workbook> {
  const zip = await openZip(path, file, XLSX_LIMITS, `${file} 中的 `);
  try {
    const found = await visibleSheets(zip, file);
    const shared = await sharedStrings(zip, file);
    const sheets = found.map(({ title, source: given }) => {
      const { source, share } = measured(given);
      return { title, share, lines: () => readSheet(source, shared, file) };
    });
    return { sheets, close: zip.close };
  } catch (error) {
    zip.close();
    throw error;
  }
}

/** Parts are told apart by the end of their name: what stands before is the workbook. */
const part = (zip: Zip, name: string): ByteSource | undefined =>
  zip.sources.find((source) => source.name.toLowerCase().endsWith(` ${name.toLowerCase()}`));

async function visibleSheets(zip: Zip, file: string): Promise<{ title: string; source: ByteSource }[]> {
  const workbook = part(zip, 'xl/workbook.xml');
  const relations = part(zip, 'xl/_rels/workbook.xml.rels');
  if (!workbook || !relations) return refuse('xml_refused', { file }, '不是 XLSX 工作簿');
  const sheets: { title: string; relation: string }[] = [];
  for await (const token of xmlTokens(workbook)) {
    if (token.kind !== 'open' || token.name !== 'sheet') continue;
    const { state, name = '', id = '' } = token.attributes;
    if (state === 'hidden' || state === 'veryHidden') continue;
    if (sheets.length >= SHEETS_MAX) refuse('file_too_large', { file }, `工作表超过 ${SHEETS_MAX} 张`);
    sheets.push({ title: name, relation: id });
  }
  const targets = new Map<string, string>();
  for await (const token of xmlTokens(relations)) {
    if (token.kind !== 'open' || token.name !== 'Relationship') continue;
    targets.set(token.attributes.Id ?? '', (token.attributes.Target ?? '').replace(/^\/?(?:xl\/)?/, ''));
  }
  const found = sheets.flatMap(({ title, relation }) => {
    const source = part(zip, `xl/${targets.get(relation)}`);
    return source ? [{ title, source }] : [];
  });
  return found.length > 0 ? found : refuse('xml_refused', { file }, '工作簿中没有可读的工作表');
}

async function sharedStrings(zip: Zip, file: string): Promise<TextList> {
  const strings = textList();
  const source = part(zip, 'xl/sharedStrings.xml');
  if (!source) return strings;
  if (source.size > SHARED_BYTES_MAX) {
    refuse(
      'file_too_large',
      { file },
      `共享文字有 ${source.size >> 20} MB，上限 ${SHARED_BYTES_MAX >> 20} MB`,
    );
  }
  let text = '';
  let inText = false;
  let phonetic = 0;
  for await (const token of xmlTokens(source)) {
    if (token.kind === 'text') {
      if (inText && phonetic === 0) text += token.text;
      continue;
    }
    const opens = token.kind === 'open';
    if (token.name === 't') inText = opens && !token.selfClosing;
    else if (token.name === 'rPh') phonetic += opens ? (token.selfClosing ? 0 : 1) : -1;
    else if (token.name === 'si' && (!opens || token.selfClosing)) {
      strings.push(text);
      text = '';
      if (strings.size > SHARED_STRINGS_MAX)
        refuse('file_too_large', { file }, `共享文字超过 ${SHARED_STRINGS_MAX} 条`);
    }
  }
  return strings;
}

interface SheetState {
  file: string;
  shared: TextList;
  cells: string[];
  row: number;
  column: number;
  type: string;
  value: string;
  taking: boolean;
}

async function* readSheet(
  source: ByteSource,
  shared: TextList,
  file: string,
): AsyncGenerator<CsvLine, void, undefined> {
  const state: SheetState = {
    file,
    shared,
    cells: [],
    row: 0,
    column: 0,
    type: '',
    value: '',
    taking: false,
  };
  for await (const token of xmlTokens(source)) {
    const finished = takeToken(token, state);
    if (finished) yield finished;
  }
}

function takeToken(token: XmlToken, state: SheetState): CsvLine | null {
  if (token.kind === 'text') {
    if (state.taking) state.value += token.text;
    if (state.value.length > CELL_CHARS_MAX) {
      refuse('field_too_large', { file: state.file, row: state.row }, `一格超过 ${CELL_CHARS_MAX} 个字符`);
    }
    return null;
  }
  if (token.kind === 'open') {
    openTag(token, state);
    if (!token.selfClosing) return null;
  }
  if (token.name === 'v' || token.name === 't') state.taking = false;
  else if (token.name === 'c') closeCell(state);
  else if (token.name === 'row') {
    const line = { number: state.row, cells: state.cells };
    state.cells = [];
    return line;
  }
  return null;
}

function openTag(token: Extract<XmlToken, { kind: 'open' }>, state: SheetState): void {
  if (token.name === 'row') openRow(token.attributes.r, state);
  else if (token.name === 'c') {
    const column = columnIndex(token.attributes.r);
    state.column = column ?? state.cells.length;
    if (state.column >= COLUMNS_MAX || (column !== null && column < state.cells.length)) {
      refuse('columns_mismatch', { file: state.file, row: state.row }, '单元格的列号超出范围或次序颠倒');
    }
    state.type = token.attributes.t ?? '';
    state.value = '';
  } else if (token.name === 'v' || token.name === 't') state.taking = true;
}

function openRow(number: string | undefined, state: SheetState): void {
  const row = number === undefined ? state.row + 1 : Number(number);
  if (!Number.isInteger(row) || row <= state.row || row > ROWS_MAX) {
    refuse(
      'row_broken',
      { file: state.file, row: state.row + 1 },
      `行号 ${String(number).slice(0, 20)} 无效`,
    );
  }
  state.row = row;
}

function columnIndex(reference: string | undefined): number | null {
  const letters = /^([A-Z]{1,3})\d{1,7}$/.exec(reference ?? '')?.[1];
  if (letters === undefined) return null;
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function closeCell(state: SheetState): void {
  while (state.cells.length < state.column) state.cells.push('');
  state.cells.push(cellText(state));
  state.value = '';
}

function cellText({ type, value, shared, file, row }: SheetState): string {
  if (type === 's') {
    const text = shared.at(Number(value));
    return text ?? refuse('row_broken', { file, row }, `指向不存在的共享文字 ${value.slice(0, 20)}`);
  }
  if (type !== '' && type !== 'n') return value;
  // A candidate number stored as a number comes as 2.3510815100494E13; 14 digits are exact in a double.
  const number = Number(value);
  return value === '' || !Number.isFinite(number) ? value : plainNumber(value, number);
}

/** Scientific notation is written out; longer numbers than a double can hold are left as they are. */
const plainNumber = (value: string, number: number): string =>
  (/e/i.test(value) && Number.isSafeInteger(number)) || (/\.\d{10,}$/.test(value) && Math.abs(number) < 1e15)
    ? String(number)
    : value;
