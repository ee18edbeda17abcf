import { Alert, Button, Input } from 'antd';
import { useState } from 'react';
import { useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatDateTime } from '#ui/format';
import { ReasonModal } from '#ui/reason-modal';
import { useCan } from '#ui/session';
import { Loading } from '#ui/states';
import { listNotes, voidNote, writeNote } from '../note.contract.ts';

/** 备注: kept sealed; promises and threats are pointed out to the writer. */
export function NoteList({ id, readOnly }: { readonly id: string; readonly readOnly: boolean }) {
  const notes = useRoute(listNotes, { params: { id } });
  const may = useCan('candidate.edit') && !readOnly;
  const [text, setText] = useState('');
  const [voiding, setVoiding] = useState<string | null>(null);
  const write = useCommand(writeNote, { onDone: () => setText('') });
  const remove = useCommand(voidNote);
  const flagged = write.data?.flagged ?? [];
  return (
    <>
      <div className="zz-file-row">
        <Input.TextArea
          aria-label="新备注"
          placeholder="写下沟通要点；不要写身份证号等敏感信息"
          value={text}
          disabled={!may}
          maxLength={2000}
          autoSize={{ minRows: 1, maxRows: 5 }}
          onChange={(event) => setText(event.target.value)}
        />
        <Button
          disabled={text.trim() === ''}
          loading={write.isPending}
          onClick={() => write.mutate({ params: { id }, body: { body: text.trim() } })}
        >
          记下
        </Button>
      </div>
      {flagged.map(({ pattern, advice }) => (
        <Alert key={pattern} type="warning" showIcon title={`备注含“${pattern}”`} description={advice} />
      ))}
      <ErrorNote error={write.error ?? notes.error} />
      {notes.isPending && <Loading rows={2} />}
      {notes.data?.items.map((note) => (
        <div key={note.id} className="zz-file-note">
          <p>{note.voidedAt === null ? note.body : <del>{note.body}</del>}</p>
          <span className="zz-note">
            {note.writtenBy} {formatDateTime(note.writtenAt)}
            {note.voidReason && `　已作废：${note.voidReason}`}
          </span>
          {note.mine && note.voidedAt === null && (
            <Button type="link" size="small" onClick={() => setVoiding(note.id)}>
              作废
            </Button>
          )}
        </div>
      ))}
      <ReasonModal
        open={voiding !== null}
        onClose={() => setVoiding(null)}
        title="作废备注"
        consequence="备注会划去并保留，原因一并显示。"
        confirmLabel="作废"
        reasonMin={4}
        onConfirm={(reason) =>
          remove.mutateAsync({ params: { id, noteId: voiding ?? '' }, body: { reason } })
        }
      />
    </>
  );
}
