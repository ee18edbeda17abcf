import { Input } from 'antd';

export const codeLength = 6;

interface CodeInputProps {
  readonly value: string;
  readonly onChange: (code: string) => void;
}

/** 动态口令: one field of six digits, so that pasting, filling in by the phone and screen readers all work. */
export function CodeInput({ value, onChange }: CodeInputProps) {
  return (
    <Input
      autoFocus
      size="large"
      className="zz-code"
      aria-label="动态口令"
      inputMode="numeric"
      autoComplete="one-time-code"
      placeholder="6 位数字"
      value={value}
      onChange={(event) => onChange(event.target.value.replace(/\D/g, '').slice(0, codeLength))}
    />
  );
}
