import { App, Button, Checkbox, Flex, Form, Input, InputNumber } from 'antd';
import { useCommand } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { FormModal } from '#ui/form-modal';
import { changeSeason, createSeason, PHASE_LABELS, type PhaseDates, type SeasonView } from '../contract.ts';
import { PHASES } from '../rules.ts';
import { InstantField } from './instant-field.tsx';

interface SeasonFormProps {
  readonly season: SeasonView;
  readonly phases: readonly PhaseDates[];
}

interface Fields {
  readonly name: string;
  readonly collegeName: string;
  readonly homeAreaCode: string;
  readonly phases: Record<string, { startsAt: number | null; endsAt: number | null }>;
}

const AREA_NOTE = '用来判断哪些号码是本地号码：外地手机在座机上要先拨 0。';
const AREA_RULES = [
  { required: true, message: '请填写区号' },
  { pattern: /^0\d{2,3}$/, message: '区号以 0 开头，共 3 至 4 位，例如 028' },
];

/** Name, area code and the dates of the four phases. */
export function SeasonForm({ season, phases }: SeasonFormProps) {
  const { message } = App.useApp();
  const save = useCommand(changeSeason, { onDone: () => void message.success('已保存') });
  const initial: Fields = {
    name: season.name,
    collegeName: season.collegeName,
    homeAreaCode: season.homeAreaCode,
    phases: Object.fromEntries(
      PHASES.map((phase) => {
        const dates = phases.find((one) => one.phase === phase);
        return [phase, { startsAt: dates?.startsAt ?? null, endsAt: dates?.endsAt ?? null }];
      }),
    ),
  };
  const submit = (fields: Fields) =>
    save.mutate({
      params: { seasonId: season.id },
      body: {
        name: fields.name,
        collegeName: fields.collegeName,
        homeAreaCode: fields.homeAreaCode,
        phases: PHASES.map((phase) => ({
          phase,
          startsAt: fields.phases[phase]?.startsAt ?? null,
          endsAt: fields.phases[phase]?.endsAt ?? null,
        })),
      },
    });
  return (
    <Form<Fields> layout="vertical" initialValues={initial} onFinish={submit} style={{ maxWidth: 760 }}>
      <Form.Item name="name" label="招生季名称" rules={[{ required: true, message: '请填写名称' }]}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="collegeName" label="学校全称" rules={[{ required: true, message: '请填写学校全称' }]}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="homeAreaCode" label="学校座机区号" extra={AREA_NOTE} rules={AREA_RULES}>
        <Input style={{ width: 120 }} maxLength={4} />
      </Form.Item>
      {PHASES.map((phase) => (
        <Form.Item key={phase} label={`${PHASE_LABELS[phase]}阶段`}>
          <Flex gap={8} align="center">
            <Form.Item name={['phases', phase, 'startsAt']} noStyle>
              <InstantField label={`${PHASE_LABELS[phase]}开始`} />
            </Form.Item>
            至
            <Form.Item name={['phases', phase, 'endsAt']} noStyle>
              <InstantField label={`${PHASE_LABELS[phase]}结束`} />
            </Form.Item>
          </Flex>
        </Form.Item>
      ))}
      <ErrorNote error={save.error} />
      <Button type="primary" htmlType="submit" loading={save.isPending}>
        保存
      </Button>
    </Form>
  );
}

interface NewSeasonProps {
  readonly previous: SeasonView | null;
  readonly onClose: () => void;
}

interface NewFields {
  readonly year: number;
  readonly collegeName: string;
  readonly homeAreaCode: string;
  readonly copy: boolean;
}

/** A new season, with batches, majors and rules of the one before. */
export function NewSeason({ previous, onClose }: NewSeasonProps) {
  const create = useCommand(createSeason, { onDone: onClose });
  const submit = ({ year, collegeName, homeAreaCode, copy }: NewFields) =>
    create.mutate({
      body: {
        year,
        name: `${year}年招生季`,
        collegeName,
        homeAreaCode,
        copyFrom: copy && previous ? previous.id : null,
      },
    });
  return (
    <FormModal<NewFields>
      title="新建招生季"
      okText="新建并设为当前"
      initialValues={{
        year: (previous?.year ?? new Date().getFullYear() - 1) + 1,
        collegeName: previous?.collegeName ?? '',
        homeAreaCode: previous?.homeAreaCode ?? '',
        copy: previous !== null,
      }}
      busy={create.isPending}
      error={create.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <Form.Item name="year" label="年份" rules={[{ required: true, message: '请填写年份' }]}>
        <InputNumber min={2000} max={2100} precision={0} autoFocus />
      </Form.Item>
      <Form.Item
        name="collegeName"
        label="学校全称"
        extra="回访员通话时念的就是它。"
        rules={[{ required: true, message: '请填写学校全称' }]}
      >
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="homeAreaCode" label="学校座机区号" extra={AREA_NOTE} rules={AREA_RULES}>
        <Input style={{ width: 120 }} maxLength={4} placeholder="例如 028" />
      </Form.Item>
      {previous && (
        <Form.Item name="copy" valuePropName="checked">
          <Checkbox>{`沿用 ${previous.name} 的批次、专业和回访规则`}</Checkbox>
        </Form.Item>
      )}
      {previous && (
        <p className="zz-note">{`新建后 ${previous.name} 不再是当前招生季，其数据保留，可以查看。`}</p>
      )}
    </FormModal>
  );
}
