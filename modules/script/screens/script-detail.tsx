import { useParams } from '@tanstack/react-router';
import { Alert, App, Segmented, Tag } from 'antd';
import { useState } from 'react';
import type { RouteReply } from '#platform/http/route';
import { ActionButton } from '#ui/action-button';
import { useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatDateTime } from '#ui/format';
import { Page, Section } from '#ui/page';
import { ReasonModal } from '#ui/reason-modal';
import { Loading } from '#ui/states';
import { scriptChanges } from '../check.rules.ts';
import {
  decideVersion,
  getScript,
  KIND_LABELS,
  placeLabel,
  retireScript,
  STATE_LABELS,
  submitDraft,
  takeBackDraft,
  type VersionView,
} from '../contract.ts';
import { allows } from '../rules.ts';
import { ChangeList } from './change-list.tsx';
import { Editor } from './editor.tsx';
import { FlagList } from './flags.tsx';
import { Preview } from './preview.tsx';

type Script = RouteReply<typeof getScript>;

/** One script: the version in force or in question, what it changed, and the next act of whoever looks. */
export function ScriptDetail() {
  const { scriptId = '' } = useParams({ strict: false }) as { scriptId?: string };
  const { data, error } = useRoute(getScript, { params: { scriptId } });
  const [editing, setEditing] = useState(false);
  if (error) {
    return (
      <Page>
        <ErrorNote error={error} />
      </Page>
    );
  }
  const newest = data?.versions[0];
  if (!data || !newest) {
    return (
      <Page>
        <Loading rows={10} />
      </Page>
    );
  }
  return (
    <Page
      title={data.name}
      note={`${KIND_LABELS[data.kind]} · ${placeLabel(data)}`}
      extra={editing ? null : <Acts script={data} version={newest} onEdit={() => setEditing(true)} />}
    >
      {editing ? (
        <Editor
          scriptId={data.id}
          kind={data.kind}
          occasion={data.occasion}
          base={newest}
          onDone={() => setEditing(false)}
        />
      ) : (
        <Versions script={data} />
      )}
    </Page>
  );
}

interface ActsProps {
  readonly script: Script;
  readonly version: VersionView;
  readonly onEdit: () => void;
}

function Acts({ script, version, onEdit }: ActsProps) {
  const { message } = App.useApp();
  const [asking, setAsking] = useState<'approve' | 'reject' | 'retire' | null>(null);
  const params = { scriptId: script.id };
  const done = (text: string) => () => void message.success(text);
  const submit = useCommand(submitDraft, { onDone: done('已提交，等待另一位同事审批') });
  const takeBack = useCommand(takeBackDraft, { onDone: done('已撤回，可以继续修改') });
  const approve = useCommand(decideVersion, { onDone: done('已通过，回访员马上使用这一版') });
  const reject = useCommand(decideVersion, { onDone: done('已驳回') });
  const retire = useCommand(retireScript, { onDone: done('已停用') });
  const retired = script.retiredAt === null ? null : '这份话术已停用。';
  const own = version.mine ? '您参与编写或提交了这一版，须由另一位有审批权限的同事审批。' : null;
  const waiting = version.state === 'submitted';
  return (
    <>
      <ErrorNote error={submit.error ?? takeBack.error} />
      <ActionButton can="script.write" danger refused={retired} onClick={() => setAsking('retire')}>
        停用
      </ActionButton>
      <ActionButton
        can="script.write"
        refused={retired ?? (waiting ? '正在等待审批，请先撤回再修改。' : null)}
        onClick={onEdit}
      >
        {version.state === 'draft' ? '继续编写' : '修改（新开一版）'}
      </ActionButton>
      {waiting && (
        <>
          <ActionButton
            can="script.write"
            loading={takeBack.isPending}
            onClick={() => takeBack.mutate({ params })}
          >
            撤回
          </ActionButton>
          <ActionButton can="script.approve" refused={own} onClick={() => setAsking('reject')}>
            驳回
          </ActionButton>
          <ActionButton
            can="script.approve"
            type="primary"
            refused={own}
            onClick={() => setAsking('approve')}
          >
            通过并使用
          </ActionButton>
        </>
      )}
      {allows(version.state, 'submit') && (
        <ActionButton
          can="script.write"
          type="primary"
          loading={submit.isPending}
          onClick={() => submit.mutate({ params })}
        >
          提交审批
        </ActionButton>
      )}
      <ReasonModal
        open={asking === 'approve'}
        onClose={() => setAsking(null)}
        title={`通过第 ${version.version} 版`}
        consequence={approvalWords(script, version)}
        confirmLabel="通过并使用"
        danger={version.flagged.length > 0}
        usual={['已逐句核对，与章程一致', '敏感用语均有依据文件']}
        onConfirm={(note) =>
          approve.mutateAsync({ params, body: { versionId: version.id, decision: 'approve', note } })
        }
      />
      <ReasonModal
        open={asking === 'reject'}
        onClose={() => setAsking(null)}
        title="驳回这一版"
        reasonMin={4}
        consequence="编写人会看到您写的原因，修改后重新提交。现在使用的版本不变。"
        confirmLabel="驳回"
        usual={['敏感用语没有依据，请改写', '与本省政策不符', '内容太长，通话时念不完']}
        onConfirm={(note) =>
          reject.mutateAsync({ params, body: { versionId: version.id, decision: 'reject', note } })
        }
      />
      <ReasonModal
        open={asking === 'retire'}
        onClose={() => setAsking(null)}
        title={`停用“${script.name}”`}
        consequence={`停用后，“${placeLabel(script)}”的通话改用更通用的话术；没有时通话页面不显示话术。以前的联系记录仍能看到当时的版本。`}
        confirmLabel="停用"
        usual={['内容已过时', '改用另一份话术']}
        onConfirm={(reason) => retire.mutateAsync({ params, body: { reason } })}
      />
    </>
  );
}

function approvalWords(script: Script, { flagged }: VersionView): string {
  const inForce = script.versions.find(({ state }) => state === 'approved');
  const flags =
    flagged.length === 0
      ? '没有敏感用语。'
      : `其中有 ${flagged.length} 处敏感用语，请确认每一处都注明了依据文件。`;
  const before = inForce ? `替换现在使用的第 ${inForce.version} 版，` : '';
  return `${before}“${placeLabel(script)}”的回访员打开下一名考生时就念这一版。${flags}`;
}

const COLORS = {
  draft: 'default',
  submitted: 'warning',
  rejected: 'error',
  approved: 'success',
  retired: 'default',
} as const;

function Versions({ script }: { readonly script: Script }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const version = script.versions.find(({ id }) => id === chosen) ?? script.versions[0];
  if (!version) return null;
  const before =
    script.versions.find((one) => one.version < version.version && one.state !== 'rejected') ?? null;
  return (
    <>
      {script.versions.length > 1 && (
        <Segmented
          value={version.id}
          onChange={setChosen}
          style={{ marginBottom: 12 }}
          options={script.versions.map(({ id, version: number, state }) => ({
            value: id,
            label: `第 ${number} 版 ${STATE_LABELS[state]}`,
          }))}
        />
      )}
      <Facts version={version} />
      {version.state === 'rejected' && version.note && (
        <Alert style={{ margin: '12px 0' }} type="warning" showIcon title={`驳回原因：${version.note}`} />
      )}
      <div
        style={{
          display: 'grid',
          gridTemplateColumns: 'minmax(0, 3fr) minmax(320px, 2fr)',
          gap: 16,
          marginTop: 12,
        }}
      >
        <Section title={before ? `与第 ${before.version} 版相比` : '全部内容'}>
          <ChangeList changes={scriptChanges(before?.body ?? null, version.body)} isFirst={!before} />
        </Section>
        <div>
          {version.flagged.length > 0 && (
            <Section title={`敏感用语 ${version.flagged.length} 处`}>
              <FlagList flags={version.flagged} />
            </Section>
          )}
          <Section title="回访员看到的样子">
            <Preview key={version.id} kind={script.kind} body={version.body} />
          </Section>
        </div>
      </div>
    </>
  );
}

function Facts({ version }: { readonly version: VersionView }) {
  return (
    <p>
      <Tag color={COLORS[version.state]}>{STATE_LABELS[version.state]}</Tag>
      {`编写：${version.authors.join('、')}，${formatDateTime(version.writtenAt)}`}
      {version.submittedAt !== null && `；提交 ${formatDateTime(version.submittedAt)}`}
      {version.decidedBy && `；审批：${version.decidedBy}，${formatDateTime(version.decidedAt)}`}
    </p>
  );
}
