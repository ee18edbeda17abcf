import { Alert, App, Button, Form, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { listUnnamedMajors, nameMajors } from '#candidate/contract';
import { useCommand, useRoute } from '#ui/api';
import { Catalogue } from '#ui/catalogue';
import { FormModal } from '#ui/form-modal';
import { formatCount, formatMoney } from '#ui/format';
import { useCan } from '#ui/session';
import { Empty } from '#ui/states';
import { useUrlState } from '#ui/url-state';
import {
  listMajorCodes,
  listMajors,
  type MajorCodeKey,
  type MajorCodeRow,
  type MajorCodeView,
  type MajorView,
  removeMajorCode,
  saveMajorCode,
} from '../catalogue.contract.ts';
import { type BatchView, listBatches } from '../contract.ts';
import { provinceName } from '../rules.ts';
import { provinceOptions } from './options.ts';
import { BatchFilter, PlaceFilter, ProvinceFilter } from './place-filter.tsx';

const keyOf = (row: MajorCodeKey): string =>
  `${row.provinceCode} ${row.batchId} ${row.categoryCode} ${row.planNatureCode} ${row.code}`;

/** As the province calls it, else its code. */
const natureOf = ({ planNature, planNatureCode }: Pick<MajorCodeRow, 'planNature' | 'planNatureCode'>) =>
  planNature ?? (planNatureCode === '' ? '' : `性质 ${planNatureCode}`);

/** 各省专业代号: what each code of a province, batch, 科类 and 计划性质 means; codes of filed candidates without a meaning come first. */
export function CodeTab({ seasonId }: { readonly seasonId: string }) {
  const params = { seasonId };
  const [{ province, batch }, patch] = useUrlState(PlaceFilter);
  const query = { provinceCode: province || undefined, batchId: batch || undefined };
  const list = useRoute(listMajorCodes, { params, query });
  const majors = useRoute(listMajors, { params });
  const batches = useRoute(listBatches, { params });
  const remove = useCommand(removeMajorCode);
  const batchNames = new Map(batches.data?.items.map(({ id, name }) => [id, name]));
  const majorNames = new Map(majors.data?.items.map(({ id, name }) => [id, name]));
  const choices = { batches: batches.data?.items ?? [], majors: majors.data?.items ?? [] };
  return (
    <>
      <UnknownCodes seasonId={seasonId} {...choices} />
      <Catalogue<MajorCodeRow>
        list={list}
        can="season.manage"
        newLabel="新建代号"
        rowKey={keyOf}
        empty={<Empty text="还没有专业代号。导入带专业目录的投档数据时自动建立，也可以在这里录入。" />}
        tools={
          <>
            <ProvinceFilter
              value={province}
              onChange={(next) => patch({ province: next }, { replace: true })}
            />
            <BatchFilter
              value={batch}
              batches={choices.batches}
              onChange={(next) => patch({ batch: next }, { replace: true })}
            />
          </>
        }
        columns={[
          { title: '省份', width: 90, render: (_, row) => provinceName(row.provinceCode) },
          { title: '批次', width: 130, render: (_, row) => batchNames.get(row.batchId) ?? '' },
          { title: '科类代码', width: 90, render: (_, row) => row.categoryCode || '不分' },
          { title: '计划性质', width: 110, render: (_, row) => natureOf(row) || '不分' },
          { title: '专业代号', width: 100, dataIndex: 'code' },
          {
            title: '省里公布的名称',
            render: (_, row) => row.name || <span className="zz-note">计划库没有名称</span>,
          },
          {
            title: '对应本校专业',
            render: (_, row) =>
              majorNames.get(row.majorId ?? '') ?? <span className="zz-note">按代码对应</span>,
          },
          { title: '计划数', width: 80, align: 'right', render: (_, row) => formatCount(row.seats) },
          { title: '执行数', width: 80, align: 'right', render: (_, row) => formatCount(row.seatsExecuted) },
          { title: '预投差额', width: 90, align: 'right', render: (_, row) => formatCount(row.filingMargin) },
          { title: '调剂顺序', width: 90, align: 'right', render: (_, row) => row.adjustRank ?? '' },
          { title: '备注', render: (_, row) => row.remark ?? '' },
          {
            title: '学费（每年）',
            width: 130,
            align: 'right',
            render: (_, row) => formatMoney(row.tuitionFen),
          },
        ]}
        form={(row, close) => (
          <CodeModal
            seasonId={seasonId}
            initial={row ?? placeOf(query)}
            {...choices}
            isNew={!row}
            onClose={close}
          />
        )}
        removal={{
          title: (row) => `删除代号 ${row.code}（${row.name}）`,
          consequence: (row) =>
            `${provinceName(row.provinceCode)}${batchNames.get(row.batchId) ?? ''}的考生以后导入时按本校专业代码找专业名称；已导入的不变。`,
          usual: ['录入有误', '省里调整专业目录'],
          run: ({ provinceCode, batchId, categoryCode, planNatureCode, code }, reason) =>
            remove.mutateAsync({
              params,
              body: { provinceCode, batchId, categoryCode, planNatureCode, code, reason },
            }),
        }}
      />
    </>
  );
}

const placeOf = (query: {
  provinceCode: string | undefined;
  batchId: string | undefined;
}): Partial<MajorCodeView> => ({
  categoryCode: '',
  planNatureCode: '',
  ...(query.provinceCode ? { provinceCode: query.provinceCode } : {}),
  ...(query.batchId ? { batchId: query.batchId } : {}),
});

interface Choices {
  readonly seasonId: string;
  readonly batches: readonly BatchView[];
  readonly majors: readonly MajorView[];
}

const shownCodes = 12;

/** Codes that stand in files and mean nothing yet: the call screen shows them as bare numbers. */
function UnknownCodes({ seasonId, batches, majors }: Choices) {
  const may = useCan('season.manage');
  const unknown = useRoute(listUnnamedMajors, undefined);
  const [naming, setNaming] = useState<MajorCodeKey | null>(null);
  const items = unknown.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <>
      <Alert
        type="warning"
        showIcon
        className="zz-gap-below"
        title={`${formatCount(items.length)} 个代号还没有名称，涉及 ${formatCount(unknown.data?.candidates)} 名考生；回访员只能看到代号。`}
        description={
          <div className="zz-tag-line">
            {items.slice(0, shownCodes).map((item) => (
              <Button key={keyOf(item)} size="small" disabled={!may} onClick={() => setNaming(item)}>
                {[
                  provinceName(item.provinceCode),
                  item.category ?? item.categoryCode,
                  natureOf(item),
                  `代号 ${item.code}（${formatCount(item.candidates)} 人）`,
                ]
                  .filter(Boolean)
                  .join(' ')}
              </Button>
            ))}
            {items.length > shownCodes && <span>{`等 ${formatCount(items.length)} 个`}</span>}
          </div>
        }
      />
      {naming && (
        <CodeModal
          seasonId={seasonId}
          batches={batches}
          majors={majors}
          initial={naming}
          isNew
          onClose={() => setNaming(null)}
        />
      )}
    </>
  );
}

type Fields = Omit<MajorCodeView, 'tuitionFen'> & { readonly tuitionYuan: number | null };

interface CodeModalProps extends Choices {
  readonly initial: Partial<MajorCodeView>;
  readonly isNew: boolean;
  readonly onClose: () => void;
}

function CodeModal({ seasonId, batches, majors, initial, isNew, onClose }: CodeModalProps) {
  const { message } = App.useApp();
  const name = useCommand(nameMajors, {
    onDone: ({ named }) =>
      void message.success(named > 0 ? `已保存，${formatCount(named)} 名考生补上了专业名称。` : '已保存。'),
  });
  const save = useCommand(saveMajorCode);
  const submit = ({
    tuitionYuan,
    categoryCode = '',
    planNatureCode = '',
    majorId = null,
    seats = null,
    ...fields
  }: Fields) => {
    const { provinceCode, batchId } = fields;
    const tuitionFen = tuitionYuan === null ? null : Math.round(tuitionYuan * 100);
    save.mutate(
      { params: { seasonId }, body: { ...fields, categoryCode, planNatureCode, majorId, seats, tuitionFen } },
      {
        onSuccess: () => {
          name.mutate({ body: { provinceCode, batchId } });
          onClose();
        },
      },
    );
  };
  const needed = (message: string) => [{ required: true, message }];
  const fen = initial.tuitionFen ?? null;
  return (
    <FormModal<Fields>
      width={680}
      title={isNew ? '新建专业代号' : `修改代号 ${initial.code}`}
      initialValues={{ ...initial, tuitionYuan: fen === null ? null : fen / 100 }}
      busy={save.isPending}
      error={save.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <div className="zz-form-grid">
        <Form.Item name="provinceCode" label="省份" rules={needed('请选择省份')}>
          <Select showSearch={{ optionFilterProp: 'label' }} options={provinceOptions} disabled={!isNew} />
        </Form.Item>
        <Form.Item name="batchId" label="批次" rules={needed('请选择批次')}>
          <Select options={batches.map(({ id, name }) => ({ value: id, label: name }))} disabled={!isNew} />
        </Form.Item>
        <Form.Item name="categoryCode" label="科类代码" extra="不分科类时留空">
          <Input maxLength={10} disabled={!isNew} />
        </Form.Item>
        <Form.Item name="planNatureCode" label="计划性质代码" extra="留空：用于没有单列的各种计划性质">
          <Input maxLength={10} disabled={!isNew} />
        </Form.Item>
        <Form.Item name="code" label="专业代号" rules={needed('请填写代号')}>
          <Input maxLength={20} disabled={!isNew} />
        </Form.Item>
      </div>
      <Form.Item name="name" label="省里公布的专业名称" rules={needed('请填写名称')}>
        <Input maxLength={120} autoFocus />
      </Form.Item>
      <Form.Item name="majorId" label="对应本校专业（选填）" extra="选了以后，学费、层次按本校专业。">
        <Select
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          options={majors.map(({ id, code, name }) => ({ value: id, label: `${code} ${name}` }))}
        />
      </Form.Item>
      <div className="zz-form-grid">
        <Form.Item name="seats" label="计划数（选填）">
          <InputNumber min={0} max={100_000} precision={0} className="zz-wide" suffix="人" />
        </Form.Item>
        <Form.Item name="tuitionYuan" label="学费（选填）">
          <InputNumber min={0} max={1_000_000} precision={2} className="zz-wide" suffix="元/年" />
        </Form.Item>
      </div>
    </FormModal>
  );
}
