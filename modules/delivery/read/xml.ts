import { TextDecoder } from 'node:util';
import { refuse } from './fault.ts';
import type { ByteSource } from './source.ts';

/** A pull reader for the XML of workbooks: tags, attributes, text. No DTD, no entities but the five, no recursion. */
export type XmlToken =
  | { kind: 'open'; name: string; attributes: Record<string, string>; selfClosing: boolean }
  | { kind: 'close'; name: string }
  | { kind: 'text'; text: string };

/** Longest tag or stretch of text that is kept waiting for its end. */
const TOKEN_CHARS_MAX = 1 << 20;
const DEPTH_MAX = 64;

export async function* xmlTokens(source: ByteSource): AsyncGenerator<XmlToken, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const state = { depth: 0 };
  let waiting = '';
  for await (const chunk of source.chunks()) {
    waiting += decodeChunk(decoder, chunk, source.name);
    let at = 0;
    for (;;) {
      const next = nextToken(waiting, at, source.name, state);
      if (next === null) break;
      at = next.end;
      if (next.token) yield next.token;
    }
    waiting = waiting.slice(at);
    if (waiting.length > TOKEN_CHARS_MAX)
      refuse('field_too_large', { file: source.name }, 'XML 中有过长的内容');
  }
  if (waiting.trim() !== '' || state.depth !== 0)
    refuse('xml_refused', { file: source.name }, 'XML 没有结束');
}

function decodeChunk(decoder: TextDecoder, chunk: Buffer, file: string): string {
  try {
    return decoder.decode(chunk, { stream: true });
  } catch {
    return refuse('xml_refused', { file }, 'XML 不是 UTF-8 编码');
  }
}

interface Next {
  token: XmlToken | null;
  end: number;
}

/** The token at `at`, or null when the rest of it has not come yet. */
function nextToken(text: string, at: number, file: string, state: { depth: number }): Next | null {
  const open = text.indexOf('<', at);
  if (open === -1) return null;
  if (open > at) return { token: { kind: 'text', text: unescapeXml(text.slice(at, open), file) }, end: open };
  if (text.startsWith('<!--', at)) return skipTo(text, at, '-->');
  if (text.startsWith('<![CDATA[', at)) {
    const end = text.indexOf(']]>', at);
    return end === -1 ? null : { token: { kind: 'text', text: text.slice(at + 9, end) }, end: end + 3 };
  }
  if (text.startsWith('<!', at) && text.length > at + 9) {
    refuse('xml_refused', { file }, 'XML 中有文档类型声明（DOCTYPE）');
  }
  if (text.startsWith('<?', at)) return skipTo(text, at, '?>');
  const end = tagEnd(text, at);
  if (end === -1 || text.startsWith('<!', at)) return null;
  return { token: readTag(text.slice(at + 1, end), file, state), end: end + 1 };
}

function skipTo(text: string, at: number, mark: string): Next | null {
  const end = text.indexOf(mark, at);
  return end === -1 ? null : { token: null, end: end + mark.length };
}

/** A `>` inside a quoted attribute does not end the tag. */
function tagEnd(text: string, at: number): number {
  const end = text.indexOf('>', at);
  if (end === -1 || !text.slice(at, end).includes('"')) return end;
  let quote = '';
  for (let place = at + 1; place < text.length; place += 1) {
    const char = text[place] ?? '';
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (char === '>') return place;
  }
  return -1;
}

const NO_ATTRIBUTES: Record<string, string> = {};
const PLAIN_NAME = /^\w+$/;
/** A name begins where one can begin, or a tag that is one long word would be read from each of its letters. */
const ATTRIBUTE = /(?<![^\s=/"'])([^\s=/"']+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

function readTag(tag: string, file: string, state: { depth: number }): XmlToken {
  if (tag.startsWith('/')) {
    state.depth -= 1;
    if (state.depth < 0) refuse('xml_refused', { file }, 'XML 的标记不成对');
    return { kind: 'close', name: localName(tag.slice(1).trim()) };
  }
  const name = PLAIN_NAME.test(tag) ? tag : /^[^\s/]+/.exec(tag)?.[0];
  if (name === undefined) return refuse('xml_refused', { file }, 'XML 的标记没有名称');
  const selfClosing = tag.endsWith('/');
  if (!selfClosing) state.depth += 1;
  if (state.depth > DEPTH_MAX) refuse('xml_refused', { file }, `XML 嵌套超过 ${DEPTH_MAX} 层`);
  if (!tag.includes('='))
    return { kind: 'open', name: localName(name), attributes: NO_ATTRIBUTES, selfClosing };
  const attributes: Record<string, string> = {};
  for (const [, key = '', double, single] of tag.slice(name.length).matchAll(ATTRIBUTE)) {
    attributes[localName(key)] = unescapeXml(double ?? single ?? '', file);
  }
  return { kind: 'open', name: localName(name), attributes, selfClosing };
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescapeXml(text: string, file: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&([^;&]{0,12});?/g, (whole, name: string) => {
    const known = ENTITIES[name];
    if (known !== undefined) return known;
    const code = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name);
    const point = code
      ? Number.parseInt(code[1] ?? code[2] ?? '', code[1] === undefined ? 10 : 16)
      : Number.NaN;
    if (point > 0 && point <= 0x10ffff) return String.fromCodePoint(point);
    return refuse('xml_refused', { file }, `XML 中有不允许的实体 ${whole.slice(0, 16)}`);
  });
}
