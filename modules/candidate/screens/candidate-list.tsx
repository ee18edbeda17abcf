import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Tag } from 'antd';
import { useState } from 'react';
import { CASE_STATE_LABELS, DISPOSITION_LABELS } from '#follow-up/contract';
import { provinceName } from '#season/rules';
import { ActionButton } from '#ui/action-button';
import { useRoute } from '#ui/api';
import { useDrawer } from '#ui/detail-drawer';
import { type Filter, listFilters } from '#ui/filter-form';
import { formatNear } from '#ui/format';
import { listQuery, useListState } from '#ui/list-state';
import { Page } from '#ui/page';
import { type QueryColumn, QueryTable } from '#ui/query-table';
import { cleanSearch, listOf } from '#ui/search-params';
import { useCan } from '#ui/session';
import { useRawUrlState } from '#ui/url-state';
import { MISSING_LABELS } from '../contract.ts';
import { type CandidateRow, listCandidates, listOptions } from '../list.contract.ts';
import { CandidateDrawer } from './candidate-drawer.tsx';
import { CaseTag, PolicyTag } from './case-tags.tsx';
import { ReassignModal } from './reassign-modal.tsx';
import { SignalModal } from './signal-modal.tsx';

interface Chosen {
  readonly ids: readonly string[];
  readonly clear: () => void;
}

const optionsOf = (labels: Readonly<Record<string, string>>) =>
  Object.entries(labels).map(([value, label]) => ({ value, label }));

const NOTES = {
  all: '全部考生。姓名、号码已脱敏，打开档案后可按原因显示。',
  group: '本组和您名下的考生，按当前阶段的回访任务列出。',
  own: '您名下的考生，按下次联系时间排列。',
} as const;

/** 考生: the list within one's scope, with a file in a drawer over it. */
export function CandidateList() {
  const drawer = useDrawer();
  const options = useRoute(listOptions, undefined, { staleTime: 60_000 });
  const canEdit = useCan('candidate.edit');
  const canMove = useCan('assignment.change');
  const canExport = useCan('ledger.export');
  const navigate = useNavigate();
  const [marking, setMarking] = useState<Chosen | null>(null);
  const [moving, setMoving] = useState<Chosen | null>(null);
  const filters = filtersOf(options.data);
  const signals = new Map(options.data?.signals.map(({ value, label }) => [value, label]));

  return (
    <Page note={options.data ? NOTES[options.data.scope] : undefined}>
      <QueryTable<CandidateRow>
        id="candidates"
        source={(list) => listQuery(listCandidates, list)}
        rowKey={(row) => row.id}
        columns={columnsOf(signals)}
        filters={filters}
        onOpen={(row) => drawer.open(row.id)}
        batch={[
          {
            key: 'signal',
            label: '加关注点',
            refused: canEdit ? null : '您的角色不能修改考生档案。',
            run: (ids, clear) => setMarking({ ids, clear }),
          },
          {
            key: 'reassign',
            label: '改派',
            refused: canMove ? null : '您的角色不能改派考生。',
            run: (ids, clear) => setMoving({ ids, clear }),
          },
          {
            key: 'export',
            label: '导出',
            refused: canExport ? null : '您的角色不能导出。',
            run: (ids) =>
              void navigate({
                to: '/exports',
                search: { new: '1' } as never,
                state: { candidateIds: ids } as never,
              }),
          },
        ]}
        toolbar={<ExportLink />}
        empty="这里还没有考生。导入省里下发的数据并完成分派后，考生会出现在这里。"
      />
      {marking && (
        <SignalModal
          ids={marking.ids}
          signals={options.data?.signals ?? []}
          onClose={(done) => {
            if (done) marking.clear();
            setMarking(null);
          }}
        />
      )}
      {moving && <ReassignModal ids={moving.ids} onMoved={moving.clear} onClose={() => setMoving(null)} />}
      {drawer.id && <OpenFile id={drawer.id} open={drawer.open} onClose={drawer.close} filters={filters} />}
    </Page>
  );
}

interface OpenFileProps {
  readonly id: string;
  readonly open: (id: string) => void;
  readonly onClose: () => void;
  readonly filters: readonly Filter[];
}

/** The file over the list; the arrows step through the page of the list that is shown. */
function OpenFile({ id, open, onClose, filters }: OpenFileProps) {
  const { list } = useListState(listFilters(filters));
  const { queryKey, queryFn } = listQuery(listCandidates, list);
  const page = useQuery({ queryKey, queryFn, enabled: false });
  const ids = page.data?.items.map((row) => row.id) ?? [];
  const at = ids.indexOf(id);
  const step = (to: string | undefined) => (to === undefined ? undefined : () => open(to));
  return (
    <CandidateDrawer
      id={id}
      onClose={onClose}
      previous={step(at > 0 ? ids[at - 1] : undefined)}
      next={step(at >= 0 ? ids[at + 1] : undefined)}
    />
  );
}

/** To a new export of the province and batch that the list is filtered by; an export takes one of each. */
function ExportLink() {
  const [search] = useRawUrlState();
  const navigate = useNavigate();
  const only = (name: string) => (listOf(search[name]).length === 1 ? listOf(search[name])[0] : undefined);
  const range = cleanSearch({ new: '1', province: only('province'), batch: only('batch') });
  return (
    <ActionButton
      can="ledger.export"
      onClick={() => void navigate({ to: '/exports', search: range as never })}
    >
      导出所选范围
    </ActionButton>
  );
}

type Options = NonNullable<ReturnType<typeof useRoute<typeof listOptions>>['data']>;

/** The first three stand in one row at 1366; the rest behind 展开. */
function filtersOf(options: Options | undefined): Filter[] {
  const {
    provinces = [],
    batches = [],
    majors = [],
    groups = [],
    callers = [],
    signals = [],
    scope,
  } = options ?? {};
  const kind = 'multi' as const;
  const all: (Filter & { readonly wide?: boolean })[] = [
    { name: 'q', label: '搜索', kind: 'text', personal: true, placeholder: '姓名/拼音/考生号/尾号' },
    { name: 'province', label: '省份', kind, options: provinces },
    { name: 'disposition', label: '意向', kind, options: optionsOf(DISPOSITION_LABELS) },
    { name: 'batch', label: '批次', kind, options: batches },
    { name: 'state', label: '任务', kind, options: optionsOf(CASE_STATE_LABELS) },
    { name: 'major', label: '专业', kind, options: majors },
    { name: 'group', label: '小组', kind, options: groups, wide: true },
    {
      name: 'caller',
      label: '回访员',
      kind,
      options: [{ value: 'none', label: '未分派' }, ...callers],
      wide: true,
    },
    { name: 'signal', label: '关注点', kind, options: signals },
    { name: 'missing', label: '缺项', kind, options: optionsOf(MISSING_LABELS) },
    { name: 'deadline', label: '截止日', kind: 'dates' },
    { name: 'pathway', label: '本专硕', kind: 'select', options: [{ value: 'yes', label: '有意向' }] },
    { name: 'school', label: '中学', kind: 'text', placeholder: '全称或代码' },
  ];
  return all.filter(({ wide }) => !wide || scope !== 'own').map(({ wide: _wide, ...filter }) => filter);
}

/** Together with the boxes to tick 1,100 pixels: the whole row is in view at 1366 with the menu and a scroll bar. */
function columnsOf(signals: ReadonlyMap<string, string>): QueryColumn<CandidateRow>[] {
  return [
    {
      key: 'name',
      title: '姓名',
      width: 116,
      identity: true,
      sortable: true,
      render: (row) => <Name row={row} />,
    },
    {
      key: 'number',
      title: '考生号',
      width: 126,
      sortable: true,
      render: (row) => <span className="zz-figures">{row.candidateNo}</span>,
    },
    {
      key: 'place',
      title: '省份 / 批次',
      width: 106,
      render: (row) => `${provinceName(row.provinceCode)} ${row.batchName}`,
    },
    {
      key: 'policy',
      title: '政策 / 截止',
      width: 152,
      render: (row) => <Policy row={row} />,
    },
    { key: 'major', title: '预录专业', width: 106, render: (row) => row.majorName ?? '—' },
    { key: 'state', title: '意向 / 任务', width: 136, render: (row) => <CaseTag row={row} /> },
    {
      key: 'due',
      title: '下次联系',
      width: 94,
      sortable: true,
      render: (row) => formatNear(row.dueAt, Date.now()),
    },
    { key: 'contacts', title: '接通', width: 64, render: (row) => `${row.contacts} / ${row.attempts} 次` },
    { key: 'owner', title: '回访员', width: 62, render: (row) => row.ownerName ?? '未分派' },
    { key: 'signals', title: '关注点', width: 98, render: (row) => <Signals row={row} names={signals} /> },
    { key: 'phone', title: '首选号码', width: 130, optional: true, render: (row) => row.phone ?? '—' },
    { key: 'group', title: '小组', width: 96, optional: true, render: (row) => row.groupName ?? '—' },
    {
      key: 'score',
      title: '分数',
      width: 80,
      align: 'right',
      sortable: true,
      optional: true,
      render: (row) => row.score ?? '—',
    },
    { key: 'school', title: '毕业中学', width: 150, optional: true, render: (row) => row.schoolName ?? '—' },
  ];
}

function Name({ row }: { readonly row: CandidateRow }) {
  return (
    <span className="zz-case">
      {row.name}
      {row.minor && <Tag>未成年</Tag>}
    </span>
  );
}

/** May the candidate still leave, and until when. */
function Policy({ row }: { readonly row: CandidateRow }) {
  return (
    <span className="zz-case">
      <PolicyTag withdrawable={row.withdrawable} />
      {row.deadlineAt !== null && <span className="zz-note">{formatNear(row.deadlineAt, Date.now())}</span>}
    </span>
  );
}

const SIGNALS_SHOWN = 1;

function Signals({
  row,
  names,
}: {
  readonly row: CandidateRow;
  readonly names: ReadonlyMap<string, string>;
}) {
  const labels = [
    ...row.missing.map((flag) => MISSING_LABELS[flag]),
    ...(row.pathway ? ['本专硕'] : []),
    ...row.signals.map((code) => names.get(code) ?? code),
  ];
  if (labels.length === 0) return '—';
  const rest = labels.length - SIGNALS_SHOWN;
  return (
    <>
      {labels.slice(0, SIGNALS_SHOWN).map((label) => (
        <Tag key={label}>{label}</Tag>
      ))}
      {rest > 0 && <span className="zz-note">+{rest}</span>}
    </>
  );
}
