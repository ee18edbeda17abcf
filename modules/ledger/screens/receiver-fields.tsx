import { Form, Input, Radio, Select } from 'antd';
import { BASIS_LABELS } from '../contract.ts';
import { RECEIVER_BASES, type ReceiverBasis } from '../rules.ts';

export interface Outside {
  /** The file leaves the college. */
  readonly outside: boolean;
  readonly name: string;
  readonly basis: ReceiverBasis;
}
export const INSIDE: Outside = { outside: false, name: '', basis: 'duty' };
export const RECEIVER_MIN = 2;

const bases = RECEIVER_BASES.map((value) => ({ value, label: BASIS_LABELS[value] }));

interface ReceiverFieldsProps {
  readonly value: Outside;
  readonly goesOut: boolean;
  /** What is reported to the authority has a receiver always. */
  readonly fixed: boolean;
  readonly onChange: (value: Outside) => void;
}

/** Who gets the file: only the college, or somebody outside by name and ground (个人信息保护法 art. 23). */
export function ReceiverFields({ value, goesOut, fixed, onChange }: ReceiverFieldsProps) {
  return (
    <>
      <Form.Item label="给谁用">
        <Radio.Group
          value={goesOut}
          disabled={fixed}
          options={[
            { value: false, label: '只在校内使用' },
            { value: true, label: '提供给校外单位' },
          ]}
          onChange={({ target }) => onChange({ ...value, outside: target.value })}
        />
      </Form.Item>
      {goesOut && (
        <>
          <Form.Item label="接收方全称" required extra="会列入“对外提供记录”。">
            <Input
              aria-label="接收方全称"
              placeholder="例如 四川省教育考试院"
              maxLength={100}
              value={value.name}
              onChange={({ target }) => onChange({ ...value, name: target.value })}
            />
          </Form.Item>
          <Form.Item label="依据">
            <Select
              aria-label="依据"
              options={bases}
              value={value.basis}
              onChange={(basis) => onChange({ ...value, basis })}
            />
          </Form.Item>
        </>
      )}
    </>
  );
}
