import { safeCell } from '#platform/spreadsheet';
import type { FindingView } from './contract.ts';

const TITLES = ['级别', '文件', '行', '字段', '原文摘录（已打码）', '问题和做法'] as const;
const LEVELS = { rejected: '拒收', warning: '需核对', info: '提示' } as const;

const lineOf = ({ severity, file, row, field, excerpt, message }: FindingView): string[] =>
  [LEVELS[severity], file, row === null ? '' : String(row), field ?? '', excerpt ?? '', message].map(
    safeCell,
  );

/** The list of findings as a workbook; every cell is text. */
export async function findingSheet(findings: readonly FindingView[]): Promise<Uint8Array> {
  const { writeXlsx } = await import('hucre/xlsx');
  return writeXlsx({
    sheets: [
      {
        name: '问题清单',
        columns: [10, 24, 8, 12, 28, 70].map((width) => ({ width, numFmt: '@' })),
        rows: [[...TITLES], ...findings.map(lineOf)],
        freezePane: { rows: 1 },
      },
    ],
  });
}

/** The same as text: RFC 4180, with the mark by which spreadsheets tell UTF-8. */
export const findingCsv = (findings: readonly FindingView[]): Buffer =>
  Buffer.from(
    `\ufeff${[[...TITLES], ...findings.map(lineOf)]
      .map((line) => line.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))
      .join('\r\n')}\r\n`,
  );
