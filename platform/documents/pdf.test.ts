import { expect, test } from 'vitest';
import { renderPdf, renderSvg } from './pdf.ts';

const template = `#let data = json(bytes(sys.inputs.data))
#set text(font: "Noto Serif SC", lang: "zh")
= #data.title
#data.body`;

test('a document with Chinese text is set, its fonts inside', async () => {
  const pdf = await renderPdf(template, { title: '退档申请书', body: '本人自愿' });
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  expect(pdf.includes('NotoSerifSC')).toBe(true);
});

test('values are never code: the same words stop the document as template and do nothing as value', async () => {
  const words = '#panic("code ran")';
  await expect(renderPdf(template, { title: words, body: words })).resolves.toBeInstanceOf(Buffer);
  await expect(renderPdf(words, {})).rejects.toThrow('code ran');
});

test('a wrong template is a fault, and the next document is set all the same', async () => {
  await expect(renderPdf('#unknown-thing()', {})).rejects.toThrow('document not set');
  await expect(renderPdf(template, { title: 'a', body: 'b' })).resolves.toBeInstanceOf(Buffer);
});

test('documents asked for at once come back each to its asker', async () => {
  const pdfs = await Promise.all(
    ['甲', '乙', '丙'].map((title) => renderPdf(template, { title, body: title })),
  );
  expect(new Set(pdfs.map((pdf) => pdf.toString('latin1'))).size).toBe(3);
});

test('the picture of a document is an SVG without script', async () => {
  const svg = (
    await renderSvg(template, { title: '退档申请书', body: '<script>alert(1)</script>' })
  ).toString();
  expect(svg.startsWith('<svg')).toBe(true);
  expect(svg).toContain('</svg>');
  expect(svg).not.toContain('<script');
});
