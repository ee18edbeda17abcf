import { Link } from '@tanstack/react-router';
import { Image, Table } from 'antd';
import type { RouteReply } from '#platform/http/route';
import { urlOf, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatDateTime } from '#ui/format';
import { Section } from '#ui/page';
import { Empty, Loading } from '#ui/states';
import { STATE_LABELS } from '#withdrawal/contract';
import { candidateMaterials, candidatePhoto } from '../contract.ts';

type Withdrawal = RouteReply<typeof candidateMaterials>['withdrawals'][number];

const labelOf = (state: string): string => (STATE_LABELS as Readonly<Record<string, string>>)[state] ?? state;

/** 材料: the photo (each look is logged) and where withdrawal papers stand. */
export function MaterialsTab({ id }: { readonly id: string }) {
  const materials = useRoute(candidateMaterials, { params: { id } });
  if (materials.error) return <ErrorNote error={materials.error} onRetry={() => void materials.refetch()} />;
  if (!materials.data) return <Loading rows={4} />;
  return (
    <>
      <Section title="照片">
        {materials.data.hasPhoto ? (
          <Image width={120} alt="考生照片" src={urlOf(candidatePhoto, { params: { id } })} preview={false} />
        ) : (
          <Empty text="省里下发的数据没有这名考生的照片。" />
        )}
      </Section>
      <Section title="退档材料">
        <Table<Withdrawal>
          size="small"
          rowKey="id"
          pagination={false}
          dataSource={[...materials.data.withdrawals]}
          locale={{ emptyText: <Empty text="没有退档申请。" /> }}
          expandable={{
            rowExpandable: (row) => row.rejectedReason !== null,
            expandedRowRender: (row) => `退回原因：${row.rejectedReason}`,
          }}
          columns={[
            {
              key: 's',
              title: '状态',
              render: (_, row) => (
                <Link to="/withdrawals" search={{ open: row.id } as never}>
                  {labelOf(row.state)}
                </Link>
              ),
            },
            {
              key: 'r',
              title: '提出',
              render: (_, row) => `${row.requestedBy} ${formatDateTime(row.requestedAt)}`,
            },
            { key: 'e', title: '证明照片', render: (_, row) => (row.hasEvidence ? '已上传' : '未上传') },
            { key: 'c', title: '核对', render: (_, row) => formatDateTime(row.checkedAt) },
            { key: 'x', title: '执行', render: (_, row) => formatDateTime(row.executedAt) },
          ]}
        />
      </Section>
    </>
  );
}
