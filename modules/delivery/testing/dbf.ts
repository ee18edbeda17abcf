import iconv from 'iconv-lite';

/** DBF files written byte by byte for tests: an independent witness of the layout the reader expects. */
export interface DbfColumn {
  name: string;
  type?: 'C' | 'N';
  length: number;
}

/** A DBF as bytes: for small tables and tests. Cells are encoded as GB18030 unless told otherwise. */
export function dbfBytes(
  columns: readonly DbfColumn[],
  rows: readonly (readonly string[])[],
  options: { encoding?: string; deleted?: ReadonlySet<number> } = {},
): Buffer {
  const encode = (text: string): Buffer => iconv.encode(text, options.encoding ?? 'gb18030');
  const rowLength = columns.reduce((sum, { length }) => sum + length, 1);
  const body = Buffer.alloc(rows.length * rowLength + 1, 0x20);
  rows.forEach((row, index) => {
    let at = index * rowLength;
    if (options.deleted?.has(index)) body[at] = 0x2a;
    at += 1;
    columns.forEach(({ length, type }, place) => {
      const bytes = encode(row[place] ?? '').subarray(0, length);
      bytes.copy(body, type === 'N' ? at + length - bytes.length : at);
      at += length;
    });
  });
  body[body.length - 1] = 0x1a;
  return Buffer.concat([dbfHeader(columns, rows.length), body]);
}

export function dbfHeader(columns: readonly DbfColumn[], rows: number): Buffer {
  const header = Buffer.alloc(32 + 32 * columns.length + 1);
  header[0] = 0x03;
  header.set([123, 7, 20], 1);
  header.writeUInt32LE(rows, 4);
  header.writeUInt16LE(header.length, 8);
  header.writeUInt16LE(
    columns.reduce((sum, { length }) => sum + length, 1),
    10,
  );
  columns.forEach(({ name, type, length }, index) => {
    const at = 32 + 32 * index;
    header.write(name, at, 11, 'latin1');
    header.write(type ?? 'C', at + 11, 'latin1');
    header[at + 16] = length;
  });
  header[header.length - 1] = 0x0d;
  return header;
}
