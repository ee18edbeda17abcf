import { Progress, Steps } from 'antd';
import type { ReactNode } from 'react';
import { formatBytes, formatCount } from './format.tsx';
import { Stat } from './stat.tsx';

const stages = [
  ['choose', '选择文件'],
  ['preview', '核对预览'],
  ['running', '写入'],
  ['report', '结果'],
] as const;

export type ImportStage = (typeof stages)[number][0];

export interface ImportStepsProps {
  readonly stage: ImportStage;
  /** Content of the stage: `DropFiles`, a preview, `JobProgress`, a report. */
  readonly children: ReactNode;
}

/** Frame of an import: where one is, and that step's content. */
export function ImportSteps({ stage, children }: ImportStepsProps) {
  return (
    <div className="zz-import">
      <Steps
        size="small"
        current={stages.findIndex(([key]) => key === stage)}
        items={stages.map(([, title]) => ({ title }))}
      />
      {children}
    </div>
  );
}

export interface UploadBarProps {
  readonly fileName: string;
  readonly sentBytes: number;
  readonly totalBytes: number;
}

/** The file on its way to the server. */
export function UploadBar({ fileName, sentBytes, totalBytes }: UploadBarProps) {
  const percent = totalBytes === 0 ? 0 : Math.floor((sentBytes / totalBytes) * 100);
  return (
    <div className="zz-progress" role="status">
      <div className="zz-progress-head">
        <strong>正在上传 {fileName}</strong>
        <span className="zz-figures">
          {formatBytes(sentBytes)} / {formatBytes(totalBytes)}
        </span>
      </div>
      <Progress percent={percent} />
      {percent === 100 && <p className="zz-note">已上传，正在识别文件…</p>}
    </div>
  );
}

export interface ImportCount {
  readonly label: string;
  readonly count: number;
  /** Counted thing: 名, 行. */
  readonly unit: string;
  readonly note?: string;
  readonly tone?: 'plain' | 'warn' | 'good';
  /** Leads to the rows behind the figure. */
  readonly onOpen?: () => void;
}

/** Figures of a preview or a report. */
export function ImportCounts({ counts }: { readonly counts: readonly ImportCount[] }) {
  return (
    <div className="zz-counts">
      {counts.map(({ label, count, unit, note, tone = 'plain', onOpen }) => (
        <Stat
          key={label}
          label={label}
          value={count}
          unit={unit}
          tone={count === 0 ? 'plain' : tone}
          {...(note ? { note } : {})}
          {...(onOpen && count > 0 ? { onClick: onOpen } : {})}
        />
      ))}
    </div>
  );
}

export interface EquationProps {
  readonly total: { readonly label: string; readonly count: number; readonly unit: string };
  readonly parts: readonly { readonly label: string; readonly count: number }[];
}

/** Conservation in words and figures: 共 1,200 行 = 新增 1,000 + 更新 150 + …, and whether it holds. */
export function Equation({ total, parts }: EquationProps) {
  const sum = parts.reduce((all, part) => all + part.count, 0);
  const holds = sum === total.count;
  return (
    <p className={holds ? 'zz-equation' : 'zz-equation zz-over'} role={holds ? undefined : 'alert'}>
      {total.label} {formatCount(total.count)} {total.unit} {holds ? '=' : '≠'}{' '}
      {parts.map((part) => `${part.label} ${formatCount(part.count)}`).join(' + ')}{' '}
      {holds ? '（平衡）' : `（相差 ${formatCount(Math.abs(total.count - sum))}，请联系管理员）`}
    </p>
  );
}
