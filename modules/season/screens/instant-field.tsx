import { DatePicker } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { formatDateTime } from '#ui/format';

/** Wall clock of Beijing, whatever zone the browser thinks it is in. */
const toPicker = (at: number | null | undefined): Dayjs | null =>
  at === null || at === undefined ? null : dayjs(formatDateTime(at));
const fromPicker = (value: Dayjs | null): number | null =>
  value ? Date.parse(`${value.format('YYYY-MM-DDTHH:mm')}:00+08:00`) : null;

export interface InstantFieldProps {
  readonly label: string;
  readonly value?: number | null;
  readonly onChange?: (at: number | null) => void;
  readonly disabled?: boolean;
}

/** A day and minute in Beijing time; works inside antd's Form.Item. */
export function InstantField({ label, value, onChange, disabled = false }: InstantFieldProps) {
  return (
    <DatePicker
      aria-label={label}
      value={toPicker(value)}
      onChange={(next: Dayjs | null) => onChange?.(fromPicker(next))}
      showTime={{ format: 'HH:mm', minuteStep: 5 }}
      format="YYYY-MM-DD HH:mm"
      needConfirm={false}
      disabled={disabled}
      // Enter takes the date; without this it would also send the form around it.
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.preventDefault();
      }}
      style={{ width: '100%' }}
    />
  );
}
