import { BellOutlined } from '@ant-design/icons';
import { Badge, Button, Popover } from 'antd';
import { useState } from 'react';
import { useNow } from '#ui/clock';
import { ErrorNote } from '#ui/error-note';
import { platformEvents, useEvents } from '#ui/events';
import { formatNear } from '#ui/format';
import { Empty } from '#ui/states';
import { dropStrip, showStrip } from '#ui/strip';
import { type Notice, useNotices } from './use-notices.ts';

/** 提醒: what the platform has to tell this person; a new one also shows as a line at the top of the page. */
export function Notices() {
  const [open, setOpen] = useState(false);
  const notices = useNotices();
  const now = useNow('minute');
  const { items } = notices;

  const follow = (notice: Notice) => {
    setOpen(false);
    dropStrip('notice');
    notices.follow(notice);
  };
  const renew = async () => {
    const { data } = await notices.refetch();
    const newest = data?.items[0];
    if (!newest) return;
    const action = { label: '查看', run: () => follow(newest) };
    showStrip({ key: 'notice', tone: 'info', text: newest.title, action, seconds: 20 });
  };
  useEvents(platformEvents, { notice: () => void renew(), reconnected: () => void notices.refetch() });

  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      open={open}
      onOpenChange={setOpen}
      content={
        <div className="zz-notices">
          <ErrorNote error={notices.error} />
          {items.length === 0 && <Empty text="没有未读的提醒。" />}
          {items.map((notice) => (
            <button key={notice.id} type="button" className="zz-plain zz-hit" onClick={() => follow(notice)}>
              <span>
                <strong>{notice.title}</strong>
                <br />
                <span className="zz-note">{notice.body}</span>
              </span>
              <small>{formatNear(notice.createdAt, now)}</small>
            </button>
          ))}
        </div>
      }
    >
      <Badge count={items.length} size="small" offset={[-6, 6]}>
        <Button type="text" icon={<BellOutlined />} aria-label={`提醒，${items.length} 条未读`} />
      </Badge>
    </Popover>
  );
}
