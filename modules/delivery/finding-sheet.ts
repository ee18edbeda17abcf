import { safeCell } from '#platform/spreadsheet';
import type { FindingView } from './contract.ts';

const TITLES = ['级别', '文件', '行', '字段', '原文摘录（已打码）', '问题和做法'] as const;
const LEVELS = { rejected: '拒收', warning: '需核对', info: '提示' } as const;

const lineOf = ({ severity, file, row, field, excerpt, message }: FindingView): string[] =>
  [LEVELS[severity], file, row === null ? '' : String(row), field ?? '', excerpt ?? '', message].map(
    safeCell,
  );

/** The list of findings as a workbook; every cell is text. `isCut`: there are more than it holds. */
export async function findingSheet(
  findings: readonly FindingView[],
  { isCut }: { isCut: boolean },
): Promise<Uint8Array> {
  const more = `表格只列到这里（${findings.length} 条），还有更多：请在导入页面下载 CSV，那里有全部问题。`;
  const { writeXlsx } = await import('hucre/xlsx');
  return writeXlsx({
    sheets: [
      {
        name: '问题清单',
        columns: [10, 24, 8, 12, 28, 70].map((width) => ({ width, numFmt: '@' })),
        rows: [[...TITLES], ...findings.map(lineOf), ...(isCut ? [['', '', '', '', '', more]] : [])],
        freezePane: { rows: 1 },
      },
    ],
  });
}

const csvLine = (cells: readonly string[]): string =>
  `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\r\n`;

/** The same as text: RFC 4180, with the mark by which spreadsheets tell UTF-8. */
export const findingCsvHead = `\ufeff${csvLine(TITLES)}`;
export const findingCsv = (findings: readonly FindingView[]): string =>
  findings.map((finding) => csvLine(lineOf(finding))).join('');
