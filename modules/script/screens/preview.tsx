import { Button, Collapse, Tag } from 'antd';
import { useState } from 'react';
import { END, mergeText, SAMPLE_VALUES, type ScriptBody, type ScriptKind } from '../rules.ts';

const SAY = { fontSize: 16, lineHeight: 1.8, margin: '8px 0', whiteSpace: 'pre-wrap' } as const;

export interface PreviewProps {
  readonly kind: ScriptKind;
  readonly body: ScriptBody;
}

/** The script as the caller will walk through it, with invented values in its fields. */
export function Preview({ kind, body }: PreviewProps) {
  const [path, setPath] = useState<readonly string[]>([]);
  const at = path.at(-1) ?? body.steps[0]?.id;
  const step = body.steps.find(({ id }) => id === at) ?? body.steps[0];
  if (!step) return <p className="zz-note">还没有步骤。</p>;
  const text = mergeText(step.say, SAMPLE_VALUES);
  if (kind === 'sms') {
    return (
      <>
        <p style={SAY}>{text}</p>
        <p className="zz-note">{`填入示例后 ${text.length} 字，按 ${Math.max(1, Math.ceil(text.length / 67))} 条短信计费。`}</p>
      </>
    );
  }
  return (
    <>
      <p className="zz-note">
        {path.length === 0 ? '从第一步开始，点下面的回答往下走。' : `第 ${path.length + 1} 步`}
      </p>
      <strong>{step.title}</strong>
      <p style={SAY}>{text}</p>
      {step.ask && <p className="zz-note">{`提示：${step.ask}`}</p>}
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }}>
        {step.branches
          .filter(({ to }) => to !== END)
          .map(({ label, to }) => (
            <Button key={`${label} ${to}`} onClick={() => setPath([...path, to])}>
              {label}
            </Button>
          ))}
        {(step.branches.length === 0 || step.branches.some(({ to }) => to === END)) && <Tag>到这里结束</Tag>}
        {path.length > 0 && (
          <Button type="text" onClick={() => setPath(path.slice(0, -1))}>
            上一步
          </Button>
        )}
      </div>
      {body.objections.length > 0 && (
        <Collapse
          style={{ marginTop: 16 }}
          size="small"
          accordion
          items={body.objections.map(({ id, title, keyword, say, source }) => ({
            key: id,
            label: `${title}${keyword ? `（${keyword}）` : ''}`,
            children: (
              <>
                <p style={{ ...SAY, marginTop: 0 }}>{mergeText(say, SAMPLE_VALUES)}</p>
                <p className="zz-note">{`依据：${source}`}</p>
              </>
            ),
          }))}
        />
      )}
    </>
  );
}
