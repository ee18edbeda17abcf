import { App, Form, Input, Select } from 'antd';
import { useCommand, useRoute } from '#ui/api';
import { FormModal } from '#ui/form-modal';
import { listBatches } from '../contract.ts';
import { addPolicies, copyPolicies, type PolicyView } from '../policy.contract.ts';
import { PROVINCES, provinceName } from '../rules.ts';

const options = PROVINCES.map(({ code, short }) => ({ value: code, label: `${code} ${short}` }));
const required = [{ required: true, message: '请选择' }];

interface ModalProps {
  readonly seasonId: string;
  readonly existing: readonly PolicyView[];
  readonly onClose: () => void;
}

interface AddFields {
  readonly provinceCodes: string[];
  readonly batchIds: string[];
  readonly districtCode?: string;
}

/** 补录政策: empty policies for provinces × batches; those that exist stay. */
export function AddPolicies({ seasonId, onClose }: ModalProps) {
  const [form] = Form.useForm<AddFields>();
  const { message } = App.useApp();
  const provinces = Form.useWatch('provinceCodes', form) ?? [];
  const chosen = Form.useWatch('batchIds', form) ?? [];
  const batches = useRoute(listBatches, { params: { seasonId } });
  const add = useCommand(addPolicies, {
    onDone: ({ created, existed }) => {
      void message.success(`新建 ${created} 条，已有 ${existed} 条没有变动`);
      onClose();
    },
  });
  const submit = ({ provinceCodes, batchIds, districtCode = '' }: AddFields) =>
    add.mutate({
      params: { seasonId },
      body: {
        places: provinceCodes.flatMap((provinceCode) =>
          batchIds.map((batchId) => ({ provinceCode, batchId, districtCode })),
        ),
      },
    });
  return (
    <FormModal<AddFields>
      title="补录政策"
      okText={`建立 ${provinces.length * chosen.length} 条`}
      form={form}
      initialValues={{}}
      busy={add.isPending}
      error={add.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <Form.Item name="provinceCodes" label="省份" rules={required}>
        <Select
          mode="multiple"
          options={options}
          showSearch={{ optionFilterProp: 'label' }}
          placeholder="可多选"
        />
      </Form.Item>
      <Form.Item
        name="batchIds"
        label="批次"
        rules={required}
        extra={
          batches.data?.items.length === 0 ? '还没有批次，请先到“设置 > 招生季 > 批次”新建。' : undefined
        }
      >
        <Select
          mode="multiple"
          options={batches.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          placeholder="可多选"
        />
      </Form.Item>
      {provinces.length === 1 && (
        <Form.Item
          name="districtCode"
          label="区县代码（只有该区县政策与全省不同才填）"
          rules={[{ pattern: /^\d{6}$/, message: '区县代码是六位数字' }]}
        >
          <Input maxLength={6} style={{ width: 160 }} placeholder="不填表示全省" />
        </Form.Item>
      )}
    </FormModal>
  );
}

interface FillFields {
  readonly from: string;
  readonly to: string[];
}

/** 按某省补齐: takes what is unknown from one province into others. */
export function FillFromProvince({ seasonId, existing, onClose }: ModalProps) {
  const { message } = App.useApp();
  const copy = useCommand(copyPolicies, {
    onDone: ({ created, filled, unchanged }) => {
      void message.success(`新建 ${created} 条，补齐 ${filled} 条，${unchanged} 条没有空项`);
      onClose();
    },
  });
  const sources = [...new Set(existing.map(({ provinceCode }) => provinceCode))];
  const submit = ({ from, to }: FillFields) =>
    copy.mutate({
      params: { seasonId },
      body: { source: 'province', fromProvinceCode: from, toProvinceCodes: to },
    });
  return (
    <FormModal<FillFields>
      title="按某省补齐"
      okText="补齐"
      initialValues={{}}
      busy={copy.isPending}
      error={copy.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <p className="zz-note zz-gap-below">只补空着的项，已填写的不覆盖；计划数各省不同，不会复制。</p>
      <Form.Item name="from" label="以哪个省为准" rules={required}>
        <Select options={sources.map((value) => ({ value, label: provinceName(value) }))} />
      </Form.Item>
      <Form.Item name="to" label="补齐哪些省" rules={required}>
        <Select mode="multiple" options={options} showSearch={{ optionFilterProp: 'label' }} />
      </Form.Item>
    </FormModal>
  );
}
