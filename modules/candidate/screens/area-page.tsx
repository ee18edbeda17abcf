import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Upload } from 'antd';
import { useState } from 'react';
import { useCommand } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { FormModal } from '#ui/form-modal';
import { formatCount } from '#ui/format';
import { listQuery } from '#ui/list-state';
import { Page } from '#ui/page';
import { QueryTable } from '#ui/query-table';
import { upload } from '#ui/upload';
import { type AreaPrefix, dropPrefix, importPrefixes, listPrefixes, putPrefix } from '../area.contract.ts';

/** 号段归属地: decides which mobiles are dialled with a leading 0. Own rows win over an imported file. */
export function AreaPage() {
  const [editing, setEditing] = useState<Partial<AreaPrefix> | null>(null);
  const { modal } = App.useApp();
  const drop = useCommand(dropPrefix);
  const askToDrop = ({ prefix }: AreaPrefix) =>
    void modal.confirm({
      title: `删除号段 ${prefix}`,
      content: '以后按更短的号段判断归属地；都没有时按外地手机拨号（加 0）。',
      okText: '删除',
      okButtonProps: { danger: true },
      onOk: () => drop.mutateAsync({ params: { prefix } }).catch(() => undefined),
    });
  return (
    <Page
      note="按最长号段判断手机归属地，外地手机拨号时自动加 0。导入文件只替换上次导入的号段，手工录入的保持不变。"
      extra={
        <>
          <ImportButton />
          <Button type="primary" onClick={() => setEditing({})}>
            新增号段
          </Button>
        </>
      }
    >
      <ErrorNote error={drop.error} />
      <QueryTable<AreaPrefix>
        id="area-prefixes"
        source={(list) => listQuery(listPrefixes, list)}
        rowKey={(row) => row.prefix}
        filters={[{ name: 'prefix', label: '号段', kind: 'text', placeholder: '开头几位' }]}
        columns={[
          { key: 'prefix', title: '号段', identity: true, width: 120, render: (row) => row.prefix },
          { key: 'area', title: '区号', width: 90, render: (row) => row.areaCode },
          {
            key: 'city',
            title: '归属地',
            render: (row) => [row.province, row.city].filter(Boolean).join(' ') || '—',
          },
          { key: 'source', title: '来源', render: (row) => row.source },
        ]}
        actions={(row) => [
          { key: 'edit', label: '修改', run: () => setEditing(row) },
          {
            key: 'drop',
            label: '删除',
            danger: true,
            run: () => askToDrop(row),
          },
        ]}
        empty="还没有号段。没有归属地的手机按外地拨号（加 0）处理，可新增常用号段或导入号段文件。"
      />
      {editing && <PrefixForm row={editing} onClose={() => setEditing(null)} />}
    </Page>
  );
}

function ImportButton() {
  const { message } = App.useApp();
  const client = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const send = async (file: File) => {
    setBusy(true);
    setError(null);
    try {
      const { prefixes } = await upload(importPrefixes, {}, { files: [file] });
      message.success(`已导入 ${formatCount(prefixes)} 个号段`);
      await client.invalidateQueries({ queryKey: ['area-prefixes'] });
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <ErrorNote error={error} />
      <Upload
        showUploadList={false}
        accept=".dat"
        beforeUpload={(file) => {
          void send(file);
          return false;
        }}
      >
        <Button loading={busy}>导入号段文件</Button>
      </Upload>
    </>
  );
}

interface Fields {
  readonly prefix: string;
  readonly areaCode: string;
  readonly province?: string;
  readonly city?: string;
}

function PrefixForm({ row, onClose }: { readonly row: Partial<AreaPrefix>; readonly onClose: () => void }) {
  const { message } = App.useApp();
  const save = useCommand(putPrefix, {
    onDone: () => {
      message.success('已保存');
      onClose();
    },
  });
  const digits = (pattern: RegExp, text: string) => [{ required: true, pattern, message: text }];
  return (
    <FormModal<Fields>
      title="号段归属地"
      initialValues={{ ...row }}
      busy={save.isPending}
      error={save.error}
      onSubmit={({ prefix, areaCode, province, city }) =>
        save.mutate({
          params: { prefix },
          body: { areaCode, province: province ?? null, city: city ?? null },
        })
      }
      onClose={onClose}
    >
      <Form.Item name="prefix" label="号段" rules={digits(/^1[3-9]\d{1,5}$/, '3 到 7 位，以 13 至 19 开头')}>
        <Input disabled={row.prefix !== undefined} maxLength={7} />
      </Form.Item>
      <Form.Item
        name="areaCode"
        label="区号"
        rules={digits(/^0(10|2\d|[3-9]\d{2})$/, '3 到 4 位，以 0 开头')}
      >
        <Input maxLength={4} />
      </Form.Item>
      <Form.Item name="province" label="省份（选填）">
        <Input maxLength={20} />
      </Form.Item>
      <Form.Item name="city" label="城市（选填）">
        <Input maxLength={20} />
      </Form.Item>
    </FormModal>
  );
}
