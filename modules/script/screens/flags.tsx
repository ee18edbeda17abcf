import { Input, Tag } from 'antd';
import { PHRASE_KIND_LABELS } from '../contract.ts';
import type { ScriptFlag } from '../rules.ts';

export const flagKey = ({ phraseId, where }: Pick<ScriptFlag, 'phraseId' | 'where'>): string =>
  `${phraseId} ${where}`;

export interface FlagListProps {
  readonly flags: readonly ScriptFlag[];
  /** Given: the document can be entered. */
  readonly onSource?: (flag: ScriptFlag, source: string) => void;
}

/** Flagged phrases with their words, the rule, better words, and the document that allows them. */
export function FlagList({ flags, onSource }: FlagListProps) {
  return (
    <ul style={{ listStyle: 'none', padding: 0, margin: 0 }}>
      {flags.map((flag) => (
        <li key={flagKey(flag)} style={{ marginBottom: 12 }}>
          <Tag color="warning">{PHRASE_KIND_LABELS[flag.kind]}</Tag>
          <strong>{flag.pattern}</strong> {`“${flag.where}”：${flag.excerpt}`}
          <div>{`怎么说更好：${flag.advice}`}</div>
          <div className="zz-note">{`规定：${flag.rule}`}</div>
          {onSource ? (
            <Input
              aria-label={`${flag.where}“${flag.pattern}”的依据文件`}
              placeholder="依据文件和条款，例如 学校学籍管理规定第十二条"
              value={flag.source ?? ''}
              maxLength={200}
              onChange={(event) => onSource(flag, event.target.value)}
            />
          ) : (
            <div>{flag.source ? `依据：${flag.source}` : '还没有注明依据'}</div>
          )}
        </li>
      ))}
    </ul>
  );
}
