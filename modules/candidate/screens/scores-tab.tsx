import { Descriptions, Table, Tag } from 'antd';
import { Section } from '#ui/page';
import { Empty } from '#ui/states';
import type { CandidateFile } from '../contract.ts';

type Preference = CandidateFile['preferences'][number];

/** 志愿与成绩: scores only for those who may see them. */
export function ScoresTab({ file }: { readonly file: CandidateFile }) {
  return (
    <>
      <Section title="成绩">
        {file.scores ? (
          <Scores scores={file.scores} />
        ) : (
          <Empty text="成绩只对教师和招办开放，学生回访员不可见。" />
        )}
      </Section>
      <Section title="志愿">
        <Descriptions
          size="small"
          column={3}
          items={[
            { key: 'rank', label: '本校志愿序号', children: file.preferenceRank ?? '—' },
            { key: 'major', label: '预录专业', children: file.majorName ?? '—' },
            { key: 'adjust', label: '服从调剂', children: adjustment(file.obeysAdjustment) },
          ]}
        />
        <Table<Preference>
          size="small"
          rowKey={(row) => `${row.batch ?? ''} ${row.rank} ${row.college} ${row.majors.join(' ')}`}
          pagination={false}
          dataSource={[...file.preferences]}
          locale={{ emptyText: <Empty text="省里下发的数据没有志愿明细。" /> }}
          columns={[
            { key: 'r', title: '序号', width: 64, render: (_, row) => row.rank ?? '—' },
            { key: 'c', title: '院校代号', width: 120, render: (_, row) => row.college || '—' },
            { key: 'm', title: '专业（代号）', render: (_, row) => row.majors.join('、') || '—' },
            {
              key: 'f',
              title: '',
              width: 90,
              render: (_, row) =>
                row.filed ? (
                  <Tag color="processing">投档志愿</Tag>
                ) : row.batch ? (
                  <Tag>{row.batch}</Tag>
                ) : null,
            },
          ]}
        />
      </Section>
      {file.delivered.length > 0 && (
        <Section title="投档单上的其他内容">
          <Descriptions
            size="small"
            column={3}
            items={file.delivered.map(({ label, value }) => ({ key: label, label, children: value }))}
          />
        </Section>
      )}
    </>
  );
}

const adjustment = (obeys: boolean | null): string => (obeys === null ? '—' : obeys ? '服从' : '不服从');

function Scores({ scores }: { readonly scores: NonNullable<CandidateFile['scores']> }) {
  return (
    <Descriptions
      size="small"
      column={4}
      bordered
      items={[
        { key: 'total', label: '总分', children: scores.score ?? '—' },
        { key: 'filing', label: '投档成绩', children: scores.filingScore ?? '—' },
        ...scores.subjects.map(({ name, score }) => ({ key: name, label: name, children: score ?? '—' })),
      ]}
    />
  );
}
