import { useNavigate } from '@tanstack/react-router';
import { App, Table, Tag } from 'antd';
import { useState } from 'react';
import { ActionButton } from '#ui/action-button';
import { useCommand } from '#ui/api';
import { formatNear } from '#ui/format';
import { Section } from '#ui/page';
import { ReasonModal } from '#ui/reason-modal';
import { RowActions } from '#ui/row-actions';
import { useCan } from '#ui/session';
import { Empty } from '#ui/states';
import {
  type CandidateFile,
  changePhone,
  PHONE_STATE_LABELS,
  RELATION_LABELS,
  wrongPhone,
} from '../contract.ts';
import { Masked } from './masked-field.tsx';
import { PhoneCorrection } from './phone-correction.tsx';
import { PhoneForm } from './phone-form.tsx';

type FilePhone = CandidateFile['phones'][number];

const MERGED = '这份档案已并入另一份档案，只能查看。';

/** 号码: in dial order with relation, state and source; wrong ones stay below as evidence. */
export function PhoneList({ file }: { readonly file: CandidateFile }) {
  const [adding, setAdding] = useState(false);
  const [wrong, setWrong] = useState<FilePhone | null>(null);
  const [correcting, setCorrecting] = useState<FilePhone | null>(null);
  const { message } = App.useApp();
  const [may, mayBar] = [useCan('candidate.edit'), useCan('do_not_call.set')];
  const navigate = useNavigate();
  const detach = useCommand(wrongPhone);
  const change = useCommand(changePhone, { onDone: () => message.success('已设为首选号码') });
  const refused = !may ? '您的角色不能修改考生档案。' : file.mergedInto ? MERGED : null;
  const actions = (phone: FilePhone) => [
    {
      key: 'first',
      label: '设为首选',
      refused: refused ?? (phone === file.phones[0] ? '已是首选号码' : null),
      run: () => change.mutate({ params: { id: file.id, phoneId: phone.phoneId }, body: { first: true } }),
    },
    { key: 'correct', label: '更正', refused, run: () => setCorrecting(phone) },
    { key: 'wrong', label: '错号', danger: true, refused, run: () => setWrong(phone) },
    ...(mayBar
      ? [
          {
            key: 'bar',
            label: '登记勿拨',
            danger: true,
            refused: phone.state === 'do_not_call' ? '这个号码已登记勿拨' : null,
            run: () =>
              void navigate({
                to: '/supervision/do-not-call',
                search: { new: '1' } as never,
                state: {
                  number: { candidateId: file.id, phoneId: phone.phoneId, masked: phone.masked },
                } as never,
              }),
          },
        ]
      : []),
  ];
  return (
    <Section
      title={`号码（${file.phones.filter(({ detachedAt }) => detachedAt === null).length}）`}
      extra={
        <ActionButton
          size="small"
          can="candidate.edit"
          refused={file.mergedInto ? MERGED : null}
          onClick={() => setAdding(true)}
        >
          添加号码
        </ActionButton>
      }
    >
      <Table<FilePhone>
        size="small"
        rowKey="phoneId"
        pagination={false}
        dataSource={[...file.phones]}
        locale={{ emptyText: <Empty text="还没有号码。可问中学、村委，或打 114 查询后添加。" /> }}
        columns={[
          { key: 'n', title: '号码', render: (_, phone) => <NumberCell file={file} phone={phone} /> },
          { key: 'r', title: '关系', render: (_, phone) => relationOf(phone) },
          { key: 's', title: '状态', render: (_, phone) => <State phone={phone} /> },
          { key: 'o', title: '来源', render: (_, phone) => sourceOf(phone.source) },
          {
            key: 'a',
            title: '操作',
            render: (_, phone) =>
              phone.detachedAt === null ? <RowActions actions={actions(phone)} /> : null,
          },
        ]}
      />
      {correcting && <PhoneCorrection id={file.id} phone={correcting} onClose={() => setCorrecting(null)} />}
      {adding && <PhoneForm id={file.id} onClose={() => setAdding(false)} />}
      <ReasonModal
        open={wrong !== null}
        onClose={() => setWrong(null)}
        title={`错号 ${wrong?.masked ?? ''}`}
        consequence="将从这名考生移除，以后不再为他拨打；记录保留为依据，可重新添加。"
        usual={['接听人表示不认识考生', '号码属于其他人', '考生本人更正']}
        confirmLabel="移除"
        reasonMin={4}
        onConfirm={(reason) =>
          detach.mutateAsync({ params: { id: file.id, phoneId: wrong?.phoneId ?? '' }, body: { reason } })
        }
      />
    </Section>
  );
}

function NumberCell({ file, phone }: { readonly file: CandidateFile; readonly phone: FilePhone }) {
  if (phone.detachedAt !== null) return <del className="zz-figures">{phone.masked}</del>;
  return <Masked file={file} field="phone" masked={phone.masked} phoneId={phone.phoneId} />;
}

function relationOf({ relation, contactName, sharedWith }: FilePhone): string {
  const name = contactName ? ` ${contactName}` : '';
  return `${RELATION_LABELS[relation]}${name}${sharedWith > 0 ? `（另有 ${sharedWith} 名考生共用）` : ''}`;
}

function State({ phone }: { readonly phone: FilePhone }) {
  if (phone.detachedAt !== null) return <span className="zz-note">错号：{phone.detachedReason}</span>;
  return (
    <span className="zz-case">
      <Tag color={phone.state === 'live' ? 'success' : 'warning'}>{PHONE_STATE_LABELS[phone.state]}</Tag>
      {phone.lastDialledAt && (
        <span className="zz-note">{formatNear(phone.lastDialledAt, Date.now())} 拨过</span>
      )}
    </span>
  );
}

/** A field of the delivery (LXDH, LXSJ) is said as what it is. */
const sourceOf = (source: string): string =>
  source.replace(/[A-Z][A-Z0-9_]+/g, (field) => PHONE_FIELDS[field] ?? field);

const PHONE_FIELDS: Readonly<Record<string, string>> = {
  LXSJ: '“手机”栏',
  LXDH: '“电话”栏',
  LXDH2: '“备用电话”栏',
  BRDH: '“本人电话”栏',
  FQDH: '“父亲电话”栏',
  MQDH: '“母亲电话”栏',
  JHRDH: '“监护人电话”栏',
  JTDH: '“家庭电话”栏',
  BZRDH: '“班主任电话”栏',
};
