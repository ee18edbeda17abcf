import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { formatCount } from '#ui/format';
import { isOver, useJob } from '#ui/job';

export interface ExportProgressProps {
  readonly jobId: string;
  readonly rows: number;
}

/** How far the file is; renews the list once it is made. */
export function ExportProgress({ jobId, rows }: ExportProgressProps) {
  const client = useQueryClient();
  const { data: job } = useJob(jobId);
  const over = isOver(job);
  useEffect(() => {
    if (over) for (const topic of ['exports', 'audit']) void client.invalidateQueries({ queryKey: [topic] });
  }, [over, client]);
  return (
    <span className="zz-note" role="status">
      {formatCount(job?.progress.done ?? 0)} / {formatCount(rows)} 行
    </span>
  );
}
