import { useNow } from '#ui/clock';
import { formatNear } from '#ui/format';
import { Section } from '#ui/page';
import { useNotices } from './use-notices.ts';

const shown = 5;

/** What changed for this person and is not read yet; nothing when there is none. */
export function NewsList() {
  const { items, follow } = useNotices();
  const now = useNow('minute');
  if (items.length === 0) return null;
  return (
    <Section
      title={items.length > shown ? `最近的变化（前 ${shown} 条，共 ${items.length} 条未读）` : '最近的变化'}
    >
      <ul className="zz-tasks">
        {items.slice(0, shown).map((notice) => (
          <li key={notice.id}>
            <button type="button" className="zz-plain zz-hit" onClick={() => follow(notice)}>
              <span>
                {notice.title} <span className="zz-note">{notice.body}</span>
              </span>
              <small>{formatNear(notice.createdAt, now)}</small>
            </button>
          </li>
        ))}
      </ul>
    </Section>
  );
}
