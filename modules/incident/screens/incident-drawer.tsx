import { Descriptions, Table, Tag } from 'antd';
import { useState } from 'react';
import { ActionButton } from '#ui/action-button';
import { useCommand } from '#ui/api';
import { DetailDrawer } from '#ui/detail-drawer';
import { formatCount, formatDateTime } from '#ui/format';
import { Section } from '#ui/page';
import { ReasonModal } from '#ui/reason-modal';
import { closeIncident, type IncidentView } from '../contract.ts';
import { AUDIENCE_LABELS, closeFault, INCIDENT_KIND_LABELS } from '../rules.ts';
import { IncidentForm } from './incident-form.tsx';
import { NoticeForm } from './notice-form.tsx';

type Notice = IncidentView['notices'][number];
type Act = 'change' | 'tell' | 'close' | null;

/** One incident: its facts, whom it was told to in which words, and what is still to do. */
export function IncidentDrawer({
  incident,
  onClose,
}: {
  readonly incident: IncidentView;
  readonly onClose: () => void;
}) {
  const [act, setAct] = useState<Act>(null);
  const close = useCommand(closeIncident, { renews: ['incidents'], onDone: onClose });
  const isClosed = incident.closedAt !== null;
  const over = isClosed ? '这起事件已经办结。' : null;
  const told = incident.notices.map(({ audience }) => audience);
  const fault = closeFault(incident, told);
  return (
    <DetailDrawer
      open
      onClose={onClose}
      title={incident.title}
      extra={
        <>
          <ActionButton size="small" can="incident.manage" refused={over} onClick={() => setAct('change')}>
            补充或更正
          </ActionButton>
          <ActionButton
            size="small"
            type="primary"
            can="incident.manage"
            refused={over}
            onClick={() => setAct('tell')}
          >
            告知
          </ActionButton>
          <ActionButton
            size="small"
            can="incident.manage"
            refused={over ?? fault?.message ?? null}
            onClick={() => setAct('close')}
          >
            办结
          </ActionButton>
        </>
      }
    >
      <Descriptions size="small" column={1} bordered items={factsOf(incident)} />
      <Section title={`告知记录（${incident.notices.length}）`}>
        <Table<Notice>
          size="small"
          rowKey="id"
          pagination={false}
          dataSource={[...incident.notices]}
          locale={{ emptyText: '还没有登记告知。' }}
          expandable={{ expandedRowRender: ({ body }) => <p className="zz-pre">{body}</p> }}
          columns={[
            { title: '时间', render: (_, { sentAt }) => formatDateTime(sentAt) },
            { title: '对象', render: (_, { audience }) => <Tag>{AUDIENCE_LABELS[audience]}</Tag> },
            { title: '告知了谁', render: (_, { receiver }) => receiver },
            { title: '方式', render: (_, { channel }) => channel },
            { title: '登记人', render: (_, { recordedByName }) => recordedByName },
          ]}
        />
      </Section>
      {act === 'change' && <IncidentForm incident={incident} onClose={() => setAct(null)} />}
      {act === 'tell' && <NoticeForm incident={incident} onClose={() => setAct(null)} />}
      <ReasonModal
        open={act === 'close'}
        onClose={() => setAct(null)}
        title="办结事件"
        consequence={`已登记 ${incident.notices.length} 次告知。办结以后只能查看，不能再补充；下面写结论。`}
        confirmLabel="办结"
        danger={false}
        reasonMin={4}
        onConfirm={(conclusion) => close.mutateAsync({ params: { id: incident.id }, body: { conclusion } })}
      />
    </DetailDrawer>
  );
}

const factsOf = (incident: IncidentView) =>
  [
    ['类型', INCIDENT_KIND_LABELS[incident.kind]],
    ['发现时间', formatDateTime(incident.foundAt)],
    ['发生时间', formatDateTime(incident.happenedAt)],
    ['报告时限', formatDateTime(incident.authorityDueAt)],
    ['涉及的个人信息', incident.dataKinds],
    ['涉及人数', incident.affected === null ? '核实中' : `${formatCount(incident.affected)} 人`],
    ['原因', incident.cause || '待补充'],
    ['可能造成的危害', incident.harm || '待补充'],
    ['已采取的补救措施', incident.measures || '待补充'],
    ['个人可以采取的措施', incident.selfHelp || '待补充'],
    ['联系方式', incident.contact],
    ['告知个人', incident.subjectsTold ? '需要' : `不需要：${incident.subjectsReason ?? ''}`],
    ['登记', `${incident.registeredByName} ${formatDateTime(incident.registeredAt)}`],
    ...(incident.closedAt === null
      ? []
      : [
          [
            '办结',
            `${incident.closedByName ?? ''} ${formatDateTime(incident.closedAt)}：${incident.conclusion ?? ''}`,
          ],
        ]),
  ].map(([label = '', children]) => ({ key: label, label, children }));
