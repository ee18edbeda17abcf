/**
 * Provincial deliveries: what a reading may report. No official specification of the files is public; what is
 * known comes from several independent importers, so anything not understood is kept raw and reported.
 */

/** Every row-level finding with the sentence the file clerk reads. The row number is added by the reader. */
const rowText = {
  bad_candidate_no:
    '考生号不是 14 位数字，此行不导入。请在原文件中核对（若显示为 2.35E+13，请先把该列设为文本再导出）。',
  candidate_no_year: '考生号前两位与所选年份不符，请核对年份或与省级考试院核实。',
  candidate_no_province: '考生号第 3、4 位与所选省份不符，请核对省份或与省级考试院核实。',
  name_missing: '姓名为空，请按考生号向省级考试院核对后补录。',
  name_lost: '姓名中有丢失的字（? 或乱码），请按考生号核对后补录，不要按姓名匹配。',
  name_blanks: '姓名中夹有空格，已去掉，请在通话时核对。',
  id_missing: '身份证号为空，请在联系考生时补录。',
  id_bad: '身份证号位数、日期或校验码不对，已原样保留，请核对。',
  id_birth_mismatch: '身份证号中的出生日期与出生日期字段不一致，请核对。',
  id_sex_mismatch: '身份证号中的性别与性别字段不一致，请核对。',
  birth_date_partial: '出生日期缺少日或月，按已知部分保存。',
  birth_date_bad: '出生日期无法识别，未收入，原文见摘录，请核对。',
  phone_none_word: '电话字段写的是文字（如“无”），没有号码可用，请另行查找。',
  phone_length: '手机号位数不对，未收入号码，请按原文核对后补录。',
  phone_area_missing: '固定电话缺少区号，未收入号码，请补上区号。',
  phone_unreadable: '电话无法识别，未收入号码，请按原文核对后补录。',
  code_unknown: '代码在本次下发的代码表中没有说明，已原样保留，请向省级考试院索取代码表。',
  word_unknown: '代码表里没有这个名称，没有得到代码，文字已原样保留；请改成代码表里的名称或代码再导入。',
  number_bad: '应为数字的字段不是数字，未收入，原文见摘录，请核对。',
  cell_undecodable: '字段中有无法还原的字节，已用 � 代替，请核对原文件。',
  candidate_repeated: '同一考生号出现多次且内容相同，已合并为一条。',
  candidate_conflict: '同一考生号出现多次且内容不同，保留第一条并并入其他行的号码，请逐条核对。',
  plan_conflict: '计划库中同一科类、计划性质和专业代号出现多次且名称不同，保留第一条，请核对计划库。',
  plan_other_batch: '计划库中有其他批次的计划，未收入；若本批次的考生缺少专业名称，请核对批次代码。',
  major_by_code:
    '按唯一的一条计划认定专业：投档单没有计划性质，这个专业代号在本批次的计划中只有一条，已取它的计划性质和名称，请抽查。',
  major_undecided:
    '专业名称待定：投档单没有计划性质，这个专业代号在本批次的计划中有几条；请向省级考试院索取带计划性质的投档单，或请招办在“招生季 > 各省专业代号”补录不分性质的名称。',
  filing_repeated: '同一考生的投档单出现多次且内容相同，已合并为一条。',
  filing_conflict: '同一考生的投档单出现多次且内容不同，保留第一条，请核对。',
  person_without_filing: '报名库中有此考生，投档单中没有，请确认是否漏发文件。',
  filing_without_person: '投档单中有此考生，报名库中没有，请确认是否漏发文件。',
  detail_without_candidate: '志愿、成绩等明细中的考生号在本次下发的考生中找不到，明细未收入。',
  score_slot_unknown: '成绩项没有对应的成绩项代码（TD_CJXDM），按原代码保存。',
  photo_name_bad: '照片文件名不是 14 位考生号，未收入。',
  photo_unreadable: '照片无法读取（损坏、过大或不是 JPG、PNG），未收入，请重新导出照片。',
  phone_shared: '几名考生共用同一号码，一次通话可一并核实，请勿重复拨打。',
  photo_without_candidate: '照片对应的考生不在本次下发的考生中，未收入。',
} as const satisfies Record<string, string>;

/** Remarks on a whole file that do not stop the import: row 0. */
export const noteText = {
  table_unknown: '不认识的表：有考生号的各行原样加密保存在考生档案中，没有考生号的未收入，请核对是否需要。',
  fields_unknown: '有不认识的字段，值已原样保留。',
  encoding_not_gb18030: '文件不是 GB18030 编码，已按识别出的编码读取。',
  no_person_table: '没有报名库（T_BMK），考生信息取自投档单。',
  no_code_tables: '没有代码表（TD_*），代码按原值保存。',
  memo_skipped: '备注型字段的内容在另一个文件中，未读取。',
  file_unknown: '不是数据文件，未读取；请打开看一眼是否有需要的说明。',
  file_system: '操作系统自动生成的文件，未读取。',
  file_companion: 'DBF 的附属文件（索引、备注或代码页），未读取。',
  archive_unread: '这种压缩格式不能读取，里面若有数据请解压后改为 ZIP 再导入。',
  archive_nested: '压缩包里还有多层压缩包，未再展开，里面若有数据请解压后再导入。',
  sheets_unread: '工作簿有多张工作表，只读取有考生号的第一张；其余未读取，请核对。',
} as const satisfies Record<string, string>;

export const findingText = { ...rowText, ...noteText } as const;

export type FindingCode = keyof typeof findingText;

/** Findings kept row by row for each code; the counts stay exact. */
export const FINDINGS_PER_CODE_MAX = 20_000;

/** Differences shown before confirming; all of them are there after it. */
export const PREVIEW_CHANGES_MAX = 1000;

export const severities = ['rejected', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

const informative: ReadonlySet<FindingCode> = new Set([
  'candidate_repeated',
  'filing_repeated',
  'name_blanks',
  'birth_date_partial',
  'phone_none_word',
  'phone_shared',
  'major_by_code',
  'plan_other_batch',
  ...(['fields_unknown', 'encoding_not_gb18030', 'no_person_table', 'no_code_tables'] as const),
  ...(['file_unknown', 'file_system', 'file_companion'] as const),
]);

/** Only a malformed candidate number rejects a row; what needs nobody's work is information. */
export const severityOf = (code: FindingCode): Severity =>
  code === 'bad_candidate_no' ? 'rejected' : informative.has(code) ? 'info' : 'warning';

/** A finding on one row. `row` is the 1-based data row (deleted rows counted); `excerpt` is masked where it must be. */
export interface Finding {
  code: FindingCode;
  file: string;
  row: number;
  column?: string;
  excerpt?: string;
  message: string;
}

export interface Note {
  code: keyof typeof noteText;
  file: string;
  detail: string;
  message: string;
}

/** What stops a whole delivery. Each has a hint that says what to do; `row` and `column` where they are known. */
export const deliveryHint = {
  path_missing: '请检查路径是否正确、是否有读取权限。',
  nothing_recognised: '请确认选择的是省级考试院下发的文件夹、压缩包或数据文件。',
  unsupported_file: '支持文件夹、ZIP、DBF、XLSX 和 CSV。',
  symlink: '请换成真实的文件再导入。',
  too_many_files: '请只保留本批次的文件再导入。',
  file_too_large: '请按省份或批次拆分后再导入。',
  file_empty: '请重新下载或重新导出该文件。',
  file_truncated: '文件可能没有下载完整，请重新下载。',
  header_bad: '文件头已损坏，请重新下载或重新导出。',
  header_lies: '文件头与内容不符，请重新下载或重新导出。',
  row_broken: '文件内容已损坏或被截断，请重新下载。',
  code_page: '请以 GB18030（GBK）或 UTF-8 编码重新导出。',
  field_too_large: '请检查该处是否缺少引号或分隔符。',
  columns_mismatch: '请检查该行的分隔符和引号。',
  quote_open: '请检查该行的引号，或文件是否被截断。',
  no_candidate_no: '请指定哪一列是考生号。',
  mapping_bad: '请重新选择列的对应关系。',
  zip_damaged: '压缩包已损坏，请重新下载。',
  zip_bomb: '压缩包解开后异常大，拒绝解压；请与发件方核实。',
  zip_path: '压缩包中有指向外部的文件名，拒绝解压；请与发件方核实。',
  zip_encrypted: '请先解密，再把解开的文件夹导入。',
  xml_refused: '请用 Excel 或 WPS 另存为新的 XLSX 后再导入。',
} as const satisfies Record<string, string>;

export type DeliveryErrorCode = keyof typeof deliveryHint;

/** Why a delivery cannot be read: a value, with the place and what to do. */
export interface DeliveryError {
  code: DeliveryErrorCode;
  file: string;
  row?: number;
  column?: string;
  message: string;
  hint: string;
}

export interface Place {
  file: string;
  row?: number | undefined;
  column?: string | undefined;
}

/** Builds the error value; `what` is a Chinese clause with the figures compared. */
export function deliveryError(code: DeliveryErrorCode, place: Place, what: string): DeliveryError {
  const where = [
    place.file,
    place.row === undefined ? '' : `第 ${place.row} 行`,
    place.column === undefined ? '' : `${place.column} 列`,
  ]
    .filter((part) => part !== '')
    .join(' ');
  const error: DeliveryError = {
    code,
    file: place.file,
    message: `${where}：${what}`,
    hint: deliveryHint[code],
  };
  if (place.row !== undefined) error.row = place.row;
  if (place.column !== undefined) error.column = place.column;
  return error;
}

export function note(code: keyof typeof noteText, file: string, detail: string): Note {
  return { code, file, detail, message: noteText[code] };
}

export { readCandidateNo, readIdNumber, readName } from './identity.rules.ts';
/** Numbers as files and people write them: for whoever takes in a number by hand. */
export { type Phone, type PhoneList, readPhones } from './phone.rules.ts';
