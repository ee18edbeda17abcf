import { Segmented, Table } from 'antd';
import { useState } from 'react';
import { provinceName } from '#season/rules';
import { formatCount } from '#ui/format';
import { Equation } from '#ui/import-steps';
import { Section } from '#ui/page';
import { Stat, StatRow } from '#ui/stat';
import type { CallerLine, RunView } from '../contract.ts';
import './share.css';

/** What a run does: figures, places with reasons, shares before and after. */
export function RunFigures({ run }: { readonly run: RunView }) {
  const { figures } = run.preview;
  return (
    <>
      <StatRow>
        <Stat label="报备归属" value={figures.lead} unit="名" note={leadNote(figures.leadOfOthers)} />
        <Stat label="随机均分" value={figures.random} unit="名" note={evenness(run.preview.callers)} />
        <Stat label="突击组" value={figures.escalation} unit="名" note="可退档且屏蔽电话，艺术校考除外" />
        <Stat label="暂不分配" value={figures.left} unit="名" tone={figures.left > 0 ? 'warn' : 'plain'} />
        <Stat
          label="政策缺项"
          value={figures.blocked}
          unit="名"
          tone={figures.blocked > 0 ? 'warn' : 'plain'}
        />
        <Stat label="没有号码" value={figures.noPhone} unit="名" note="照常放出，按联系不上流程找号码" />
      </StatRow>
      <Equation
        total={{ label: '范围内考生', count: figures.total, unit: '名' }}
        parts={[
          { label: '报备', count: figures.lead },
          { label: '随机', count: figures.random },
          { label: '突击组', count: figures.escalation },
          { label: '暂不分配', count: figures.left },
          { label: '政策缺项', count: figures.blocked },
        ]}
      />
      <Shares callers={run.preview.callers} />
      <Places places={run.preview.places} />
    </>
  );
}

const leadNote = (others: number): string =>
  others === 0 ? '谁报备谁回访' : `另有 ${formatCount(others)} 名的报备人不参加回访，按随机分`;

/** 在办 from fewest to most after the run, the measure of evenness. */
function evenness(callers: readonly CallerLine[]): string {
  const after = callers.map(({ open, lead, random }) => open + lead + random);
  if (after.length === 0) return '没有可分配的回访员';
  return `分配后每人在办 ${formatCount(Math.min(...after))} 至 ${formatCount(Math.max(...after))} 名`;
}

interface ShareLine {
  readonly key: string;
  readonly name: string;
  readonly groupName: string;
  readonly people: number;
  readonly open: number;
  readonly lead: number;
  readonly random: number;
  readonly cap: number;
}

const lineOf = (key: string, name: string, callers: readonly CallerLine[]): ShareLine => {
  const sum = (field: 'open' | 'lead' | 'random' | 'cap') =>
    callers.reduce((total, caller) => total + caller[field], 0);
  return {
    key,
    name,
    groupName: callers[0]?.groupName ?? '未编组',
    people: callers.length,
    open: sum('open'),
    lead: sum('lead'),
    random: sum('random'),
    cap: sum('cap'),
  };
};

const views = { group: '按小组', caller: '按回访员' } as const;

function Shares({ callers }: { readonly callers: readonly CallerLine[] }) {
  const [view, setView] = useState<keyof typeof views>('caller');
  const lines =
    view === 'caller'
      ? callers.map((caller) => lineOf(caller.userId, caller.name, [caller]))
      : [...Map.groupBy(callers, ({ groupName }) => groupName ?? '未编组')].map(([name, mine]) =>
          lineOf(name, name, mine),
        );
  const most = Math.max(1, ...lines.map(({ open, lead, random }) => open + lead + random));
  return (
    <Section
      title="谁得多少"
      extra={
        <Segmented
          size="small"
          value={view}
          onChange={setView}
          options={Object.entries(views).map(([value, label]) => ({
            value: value as keyof typeof views,
            label,
          }))}
        />
      }
    >
      <Table<ShareLine>
        size="small"
        rowKey="key"
        dataSource={lines}
        pagination={{ pageSize: 15, hideOnSinglePage: true, showSizeChanger: false }}
        locale={{ emptyText: '没有通过培训且在岗的回访员，请督查组先审核资格。' }}
        columns={[
          { title: view === 'caller' ? '回访员' : '小组', dataIndex: 'name', width: 140 },
          view === 'caller'
            ? { title: '小组', dataIndex: 'groupName', width: 120 }
            : { title: '回访员', align: 'right', width: 120, render: (_, row) => formatCount(row.people) },
          { title: '现有在办', align: 'right', width: 100, render: (_, row) => formatCount(row.open) },
          { title: '报备', align: 'right', width: 80, render: (_, row) => formatCount(row.lead) },
          { title: '随机', align: 'right', width: 80, render: (_, row) => formatCount(row.random) },
          {
            title: '分配后在办',
            align: 'right',
            width: 110,
            render: (_, row) => <strong>{formatCount(row.open + row.lead + row.random)}</strong>,
          },
          { title: '前 → 后', render: (_, row) => <ShareBar line={row} most={most} /> },
          { title: '上限', align: 'right', width: 90, render: (_, row) => formatCount(row.cap) },
        ]}
      />
    </Section>
  );
}

/** Open work before (pale), leads and draws on top, on one scale for all rows. */
function ShareBar({ line, most }: { readonly line: ShareLine; readonly most: number }) {
  const width = (count: number) => `${(count / most) * 100}%`;
  return (
    <div className="zz-share" aria-hidden>
      <i className="zz-share-open" style={{ width: width(line.open) }} />
      <i className="zz-share-lead" style={{ width: width(line.lead) }} />
      <i className="zz-share-new" style={{ width: width(line.random) }} />
    </div>
  );
}

function Places({ places }: { readonly places: RunView['preview']['places'] }) {
  return (
    <Section title="各省各批次">
      <Table
        size="small"
        rowKey={({ provinceCode, batchId }) => `${provinceCode}/${batchId}`}
        dataSource={places}
        pagination={{ pageSize: 15, hideOnSinglePage: true, showSizeChanger: false }}
        columns={[
          { title: '省份', width: 110, render: (_, row) => provinceName(row.provinceCode) },
          { title: '批次', dataIndex: 'batchName', width: 140 },
          { title: '考生', align: 'right', width: 80, render: (_, row) => formatCount(row.total) },
          { title: '报备', align: 'right', width: 70, render: (_, row) => formatCount(row.lead) },
          { title: '随机', align: 'right', width: 70, render: (_, row) => formatCount(row.random) },
          { title: '突击组', align: 'right', width: 80, render: (_, row) => formatCount(row.escalation) },
          {
            title: '未放出',
            align: 'right',
            width: 80,
            render: (_, row) => formatCount(row.left + row.blocked),
          },
          { title: '没有号码', align: 'right', width: 90, render: (_, row) => formatCount(row.noPhone) },
          { title: '原因', render: (_, row) => row.reasons.map((text) => <div key={text}>{text}</div>) },
        ]}
      />
    </Section>
  );
}
