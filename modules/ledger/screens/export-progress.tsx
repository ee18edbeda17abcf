import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { serverNow } from '#ui/clock';
import { formatCount } from '#ui/format';
import { isOver, useJob } from '#ui/job';
import { paceText } from '#ui/progress';

export interface ExportProgressProps {
  readonly jobId: string;
  readonly rows: number;
}

/** How far the file is, how fast and how much longer; renews the list once it is made. */
export function ExportProgress({ jobId, rows }: ExportProgressProps) {
  const client = useQueryClient();
  const { data: job } = useJob(jobId);
  const over = isOver(job);
  useEffect(() => {
    if (over) for (const topic of ['exports', 'audit']) void client.invalidateQueries({ queryKey: [topic] });
  }, [over, client]);
  const { done = 0, since = serverNow() } = job?.progress ?? {};
  return (
    <span className="zz-note" role="status">
      {formatCount(done)} / {formatCount(rows)} 行，{paceText(done, rows, '行', (serverNow() - since) / 1000)}
    </span>
  );
}
