import { Form, Input, Select, Switch, Tag } from 'antd';
import { useCommand, useRoute } from '#ui/api';
import { Catalogue } from '#ui/catalogue';
import { FormModal } from '#ui/form-modal';
import { Empty } from '#ui/states';
import { addPhrase, changePhrase, listPhrases, PHRASE_KIND_LABELS, type PhraseView } from '../contract.ts';
import { PHRASE_KINDS, type PhraseKind } from '../rules.ts';

const COLORS: Readonly<Record<PhraseKind, string>> = {
  promise: 'warning',
  threat: 'error',
  discouragement: 'processing',
  other: 'default',
};

/** 敏感用语: what warns author, approver and the writer of a note, with the rule and better words. */
export function PhraseTab() {
  const list = useRoute(listPhrases, undefined);
  return (
    <div className="zz-list-card">
      <Catalogue<PhraseView>
        list={list}
        can="script.write"
        newLabel="新增用语"
        rowKey={(row) => row.id}
        empty={<Empty text="还没有敏感用语，装入默认话术时会一并装入。" />}
        tools={
          <span className="zz-note">写话术和联系备注时，遇到这些用语会提醒。星号代表中间最多隔 8 个字。</span>
        }
        columns={[
          { title: '用语', width: 170, dataIndex: 'pattern' },
          {
            title: '性质',
            width: 90,
            render: (_, row) => <Tag color={COLORS[row.kind]}>{PHRASE_KIND_LABELS[row.kind]}</Tag>,
          },
          { title: '怎么说更好', dataIndex: 'advice' },
          { title: '依据', dataIndex: 'rule' },
          { title: '状态', width: 90, render: (_, row) => (row.active ? '启用' : <Tag>停用</Tag>) },
        ]}
        form={(phrase, close) => <PhraseModal phrase={phrase} onClose={close} />}
      />
    </div>
  );
}

interface PhraseModalProps {
  readonly phrase: PhraseView | null;
  readonly onClose: () => void;
}

type Fields = Omit<PhraseView, 'id'> & { readonly reason: string };

function PhraseModal({ phrase, onClose }: PhraseModalProps) {
  const add = useCommand(addPhrase, { onDone: onClose });
  const change = useCommand(changePhrase, { onDone: onClose });
  const submit = ({ reason, ...body }: Fields) => {
    if (phrase) change.mutate({ params: { phraseId: phrase.id }, body: { ...body, reason } });
    else add.mutate({ body });
  };
  const needed = [{ required: true, message: '请填写' }];
  return (
    <FormModal<Fields>
      title={phrase ? `修改“${phrase.pattern}”` : '新增敏感用语'}
      initialValues={phrase ?? { pattern: '', kind: 'promise', advice: '', rule: '', active: true }}
      busy={add.isPending || change.isPending}
      error={add.error ?? change.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <Form.Item name="pattern" label="用语" extra="可用 * 代表中间隔几个字，例如 肯定*录取" rules={needed}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="kind" label="性质">
        <Select options={PHRASE_KINDS.map((value) => ({ value, label: PHRASE_KIND_LABELS[value] }))} />
      </Form.Item>
      <Form.Item name="advice" label="怎么说更好" rules={needed}>
        <Input.TextArea maxLength={200} autoSize />
      </Form.Item>
      <Form.Item name="rule" label="依据的规定" rules={needed}>
        <Input.TextArea maxLength={200} autoSize />
      </Form.Item>
      <Form.Item name="active" label="启用" valuePropName="checked">
        <Switch />
      </Form.Item>
      {phrase && (
        <Form.Item name="reason" label="修改原因" rules={needed}>
          <Input maxLength={200} />
        </Form.Item>
      )}
    </FormModal>
  );
}
