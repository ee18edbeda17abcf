import { App, Button, Modal, Table } from 'antd';
import { useState } from 'react';
import { useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { useKeyBlock } from '#ui/keyboard';
import { ReasonModal } from '#ui/reason-modal';
import { useCan } from '#ui/session';
import { Empty } from '#ui/states';
import type { CandidateFile } from '../contract.ts';
import type { CandidateRow } from '../list.contract.ts';
import { listDoubles, mergeCandidates, undoMergeRoute } from '../merge.contract.ts';

/** 查重: files of the same person, merged into this one, and back. Only for those who may merge. */
export function MergeButton({ file }: { readonly file: CandidateFile }) {
  const may = useCan('candidate.merge');
  const [looking, setLooking] = useState(false);
  const [undoing, setUndoing] = useState(false);
  const { message } = App.useApp();
  const undo = useCommand(undoMergeRoute, {
    onDone: () => void message.success('已撤销合并，两份档案都在列表里'),
  });
  if (!may) return null;
  const { merge } = file;
  return (
    <>
      <Button size="small" onClick={() => (merge ? setUndoing(true) : setLooking(true))}>
        {merge ? '撤销合并' : '查重'}
      </Button>
      {looking && <Doubles file={file} onClose={() => setLooking(false)} />}
      {merge && (
        <ReasonModal
          open={undoing}
          onClose={() => setUndoing(false)}
          title="撤销合并"
          consequence={`将与考生号 ${merge.otherNo} 分开：合并时带来的号码和关注点退回，两份档案都重新列出。`}
          confirmLabel="撤销合并"
          reasonMin={4}
          usual={['不是同一个人', '合并对象选错']}
          onConfirm={(reason) => undo.mutateAsync({ params: { id: merge.id }, body: { reason } })}
        />
      )}
    </>
  );
}

function Doubles({ file, onClose }: { readonly file: CandidateFile; readonly onClose: () => void }) {
  const { message } = App.useApp();
  const doubles = useRoute(listDoubles, { params: { id: file.id } });
  const [chosen, setChosen] = useState<CandidateRow | null>(null);
  const merge = useCommand(mergeCandidates, {
    onDone: ({ phones }) => {
      void message.success(`已合并，带来 ${phones} 个号码`);
      onClose();
    },
  });
  useKeyBlock(true);
  return (
    <Modal open title="疑似同一人的档案" width={640} footer={null} onCancel={onClose}>
      <p className="zz-note">身份证号相同，或姓名与号码都相同。</p>
      <ErrorNote error={doubles.error} />
      <Table<CandidateRow>
        size="small"
        rowKey="id"
        pagination={false}
        loading={doubles.isPending}
        dataSource={[...(doubles.data?.items ?? [])]}
        locale={{ emptyText: <Empty text="没有发现同一人的其他档案。" /> }}
        columns={[
          { key: 'n', title: '姓名', render: (_, row) => row.name },
          { key: 'k', title: '考生号', render: (_, row) => row.candidateNo },
          { key: 'b', title: '批次', render: (_, row) => row.batchName },
          { key: 'c', title: '联系', render: (_, row) => `${row.attempts} 次` },
          {
            key: 'a',
            title: '操作',
            render: (_, row) => (
              <Button type="link" size="small" onClick={() => setChosen(row)}>
                并入当前档案
              </Button>
            ),
          },
        ]}
      />
      <ReasonModal
        open={chosen !== null}
        onClose={() => setChosen(null)}
        title="合并档案"
        consequence={`考生号 ${chosen?.candidateNo ?? ''} 将并入 ${file.candidateNo}：号码和关注点合到一起，对方不再出现在列表中；可以撤销。`}
        confirmLabel="合并"
        reasonMin={4}
        usual={['身份证号相同，同一名考生', '重复投档数据']}
        onConfirm={(reason) =>
          merge.mutateAsync({ params: { id: file.id }, body: { otherId: chosen?.id ?? '', reason } })
        }
      />
    </Modal>
  );
}
