import './change-list.css';
import { type Cut, cutChange, type TextChange } from '../check.rules.ts';

export interface ChangeListProps {
  readonly changes: readonly TextChange[];
  /** There is no version before: everything is shown as plain text. */
  readonly isFirst: boolean;
}

/** What a version changed, text by text; inside a text the changed words stand out. */
export function ChangeList({ changes, isFirst }: ChangeListProps) {
  if (changes.length === 0) return <p className="zz-note">没有不同。</p>;
  return changes.map((change) => (
    <div key={`${change.where} ${change.before === null ? 'new' : 'old'}`} className="zz-change">
      <strong>{change.where}</strong>
      {!isFirst && <span className="zz-note">{` ${wordOf(change)}`}</span>}
      <Texts change={change} isFirst={isFirst} />
    </div>
  ));
}

function wordOf({ before, after }: TextChange): string {
  if (before === null) return '新增';
  return after === null ? '删除' : '修改';
}

function Texts({
  change: { before, after },
  isFirst,
}: {
  readonly change: TextChange;
  readonly isFirst: boolean;
}) {
  if (isFirst) return <p className="zz-change-text">{after}</p>;
  if (before === null) return <ins className="zz-change-text">{after}</ins>;
  if (after === null) return <del className="zz-change-text">{before}</del>;
  const cut = cutChange(before, after);
  return (
    <>
      <p className="zz-change-text zz-change-old">
        <Marked cut={cut.before} mark="del" />
      </p>
      <p className="zz-change-text zz-change-new">
        <Marked cut={cut.after} mark="ins" />
      </p>
    </>
  );
}

function Marked({
  cut: { head, middle, tail },
  mark: Mark,
}: {
  readonly cut: Cut;
  readonly mark: 'ins' | 'del';
}) {
  return (
    <>
      {head}
      {middle !== '' && <Mark>{middle}</Mark>}
      {tail}
    </>
  );
}
