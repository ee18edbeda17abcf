/** Signs that begin a formula, full-width ones too, and those that a spreadsheet skips before it looks. */
const FORMULA_START = /^[=+\-@＝＋－＠\t\r\n\0]/;

/** Text that a spreadsheet might run is quoted, so that it stays text (ASVS 1.2.10). Every workbook and CSV we write goes through it. */
export const safeCell = (text: string): string => (FORMULA_START.test(text) ? `'${text}` : text);
