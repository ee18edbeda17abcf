import { Descriptions } from 'antd';
import { Section } from '#ui/page';
import { useCan } from '#ui/session';
import type { CandidateFile } from '../contract.ts';
import { Masked } from './masked-field.tsx';
import { NoteList } from './note-list.tsx';
import { PhoneList } from './phone-list.tsx';
import { WishForm } from './wish-form.tsx';

const SEX = { male: '男', female: '女' } as const;

/** 基本信息: the person, the numbers, what was noticed, notes. */
export function InfoTab({ file }: { readonly file: CandidateFile }) {
  const mayReveal = useCan('candidate.reveal');
  return (
    <>
      {mayReveal && (
        <p className="zz-note zz-reveals">
          今天还可显示脱敏信息 {file.revealsLeft} 次，每次要写原因，并记入操作日志。
        </p>
      )}
      <Descriptions
        size="small"
        column={2}
        bordered
        items={[
          { key: 'name', label: '姓名', children: <Masked file={file} field="name" masked={file.name} /> },
          { key: 'sex', label: '性别', children: file.sex ? SEX[file.sex] : '—' },
          {
            key: 'id',
            label: '身份证号',
            children: <Masked file={file} field="id_number" masked={file.idMasked} />,
          },
          { key: 'birth', label: '出生年月', children: file.birth ?? '—' },
          { key: 'school', label: '毕业中学', children: file.schoolName ?? '—' },
          { key: 'category', label: '科类', children: file.category ?? '—' },
          {
            key: 'to',
            label: '收件人',
            children: <Masked file={file} field="recipient" masked={file.recipient} />,
          },
          {
            key: 'address',
            label: '通讯地址',
            children: <Masked file={file} field="address" masked={file.address} />,
          },
        ]}
      />
      <PhoneList file={file} />
      <WishForm key={file.id} file={file} />
      <Section title="备注">
        <NoteList id={file.id} readOnly={file.mergedInto !== null} />
      </Section>
    </>
  );
}
