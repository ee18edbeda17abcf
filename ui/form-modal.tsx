import { Form, type FormProps, Modal } from 'antd';
import type { ReactNode } from 'react';
import { ErrorNote } from './error-note.tsx';
import { useKeyBlock } from './keyboard.tsx';

export interface FormModalProps<Values> {
  readonly title: string;
  /** A verb, 保存 by default. */
  readonly okText?: string;
  readonly cancelText?: string;
  readonly width?: number;
  readonly initialValues: NonNullable<FormProps<Values>['initialValues']>;
  readonly busy: boolean;
  /** The refusal stands under the fields; the dialog stays open. */
  readonly error: unknown;
  readonly onSubmit: (values: Values) => void;
  readonly onClose: () => void;
  /** Made by the caller when it has to reset fields after saving. */
  readonly form?: FormProps<Values>['form'];
  readonly children: ReactNode;
}

/** A form in a dialog: fields, the refusal below them, 保存. Single keys of the page rest while it is open. */
export function FormModal<Values extends object>(props: FormModalProps<Values>) {
  const [own] = Form.useForm<Values>();
  const form = props.form ?? own;
  useKeyBlock(true);
  return (
    <Modal
      open
      title={props.title}
      okText={props.okText ?? '保存'}
      cancelText={props.cancelText ?? '取消'}
      confirmLoading={props.busy}
      onOk={() => form.submit()}
      onCancel={props.onClose}
      mask={{ closable: false }}
      {...(props.width ? { width: props.width } : {})}
    >
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={props.initialValues}
        onFinish={props.onSubmit}
        scrollToFirstError
      >
        {props.children}
      </Form>
      <ErrorNote error={props.error} />
    </Modal>
  );
}
