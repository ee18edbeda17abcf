import { Button, Checkbox } from 'antd';
import { useState } from 'react';
import { acceptNotice } from '#platform/session/contract';
import { useCommand } from '#ui/api';
import { ErrorNote } from '#ui/error-note';

interface NoticeStepProps {
  readonly tenantName: string;
  readonly version: string;
  readonly onDone: () => Promise<void>;
}

/** Processing rules before first use (个人信息保护法 17): who, what for, which kinds, how long, which rights. */
export function NoticeStep({ tenantName, version, onDone }: NoticeStepProps) {
  const [read, setRead] = useState(false);
  const accept = useCommand(acceptNotice, { renews: [], onDone: () => void onDone() });
  return (
    <>
      <h1>使用前请阅读</h1>
      <p className="zz-note">个人信息处理规则 · 版本 {version}</p>
      <section className="zz-notice" aria-label="个人信息处理规则">
        <Rules tenantName={tenantName} />
      </section>
      <Checkbox checked={read} onChange={(event) => setRead(event.target.checked)}>
        我已阅读，并会按这些规则使用考生信息
      </Checkbox>
      <div className="zz-gap">
        <ErrorNote error={accept.error} />
      </div>
      <Button
        type="primary"
        size="large"
        block
        className="zz-gap"
        disabled={!read}
        loading={accept.isPending}
        onClick={() => accept.mutate({ body: { version } })}
      >
        同意并进入
      </Button>
    </>
  );
}

function Rules({ tenantName }: { readonly tenantName: string }) {
  return (
    <>
      <h2>谁在处理、为什么</h2>
      <p>
        {tenantName}
        是处理者，系统部署在本单位指定的服务器上。处理您的信息是为了确认登录身份、分派工作、统计工作量和保证安全；处理考生信息是为了完成录取、回访、退档和报到。
      </p>
      <h2>处理哪些信息</h2>
      <p>
        您的姓名、账号、所属部门和角色、登录时间和网络地址、操作记录和工作统计。工作中您会看到考生的姓名、考生号、联系方式、成绩、志愿和联系记录，其中手机号、身份证号和住址默认遮盖显示。
      </p>
      <h2>保存多久</h2>
      <p>
        账号在离岗后立即停用；登录和操作日志默认保存三年；考生信息在招生工作结束、法定期限届满后删除或匿名化。
      </p>
      <h2>您要遵守的</h2>
      <p>
        只为手头的工作查看考生信息；查看完整号码要写明原因；不截图、不抄录、不外传；不使用他人账号。每次查看、修改和导出都会留下记录，页面上有您的姓名水印。
      </p>
      <h2>您的权利</h2>
      <p>
        您可以查看、更正自己的信息，了解系统记录了什么，也可以就处理方式提出意见，请联系本单位的系统管理员或个人信息保护负责人。
      </p>
    </>
  );
}
