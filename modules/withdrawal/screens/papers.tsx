import { CameraOutlined, DownloadOutlined, EyeOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useRef, useState } from 'react';
import { ActionButton } from '#ui/action-button';
import { urlOf } from '#ui/api';
import { DropFiles } from '#ui/drop-files';
import { ErrorNote } from '#ui/error-note';
import { formatDateTime } from '#ui/format';
import { UploadBar } from '#ui/import-steps';
import { useCan } from '#ui/session';
import { upload } from '#ui/upload';
import { downloadLetter, uploadEvidence, viewEvidence } from '../contract.ts';
import { uploadRefused, type Withdrawal } from './words.tsx';

const PICTURES = 'image/jpeg,image/png,image/webp,image/heic';

/** The letter to sign, and the one photo with letter, ID card and admission ticket. */
export function Papers({ request }: { readonly request: Withdrawal }) {
  const mayUpload = useCan('withdrawal.request') && uploadRefused(request) === null;
  return (
    <section className="zz-papers">
      <h3>材料</h3>
      <div className="zz-page-extra">
        <Button
          icon={<DownloadOutlined />}
          href={urlOf(downloadLetter, { params: { id: request.id } })}
          download
        >
          下载申请书
        </Button>
        <span className="zz-note">打印后由考生和家长签字，与身份证、准考证放在一起拍一张照片。</span>
      </div>
      {request.hasEvidence ? (
        <Evidence key={`photo ${request.uploadedAt}`} request={request} />
      ) : (
        <p>材料照片还没有上传。</p>
      )}
      {mayUpload && <UploadPhoto key={`upload ${request.uploadedAt}`} request={request} />}
    </section>
  );
}

/** Shown only on purpose: every look is logged and carries the viewer's name. */
function Evidence({ request }: { readonly request: Withdrawal }) {
  const [shown, setShown] = useState(false);
  const [failed, setFailed] = useState(false);
  const label = `${request.uploadedByName ?? ''} ${formatDateTime(request.uploadedAt)} 上传`;
  if (failed) return <p>材料照片不能查看：只供核对、办理和上传的人查看，或保存期限已过。</p>;
  if (!shown) {
    return (
      <div className="zz-page-extra">
        <Button icon={<EyeOutlined />} onClick={() => setShown(true)}>
          查看材料照片
        </Button>
        <span className="zz-note">{label}。每次查看都会记录，照片上带您的姓名水印。</span>
      </div>
    );
  }
  return (
    <figure className="zz-evidence">
      <img
        src={urlOf(viewEvidence, { params: { id: request.id } })}
        alt="退档材料：申请书、身份证、准考证"
        onError={() => setFailed(true)}
      />
      <figcaption className="zz-note">{label}</figcaption>
    </figure>
  );
}

function UploadPhoto({ request }: { readonly request: Withdrawal }) {
  const { message } = App.useApp();
  const client = useQueryClient();
  const camera = useRef<HTMLInputElement>(null);
  const [sent, setSent] = useState<{ readonly bytes: number; readonly total: number } | null>(null);
  const [error, setError] = useState<unknown>(null);
  // With a photo in place the field would only be in the way of who looks at it.
  const [open, setOpen] = useState(!request.hasEvidence);
  const give = async (files: readonly File[]) => {
    const [file] = files;
    if (!file) return;
    setError(null);
    setSent({ bytes: 0, total: file.size });
    try {
      await upload(
        uploadEvidence,
        { params: { id: request.id } },
        { files: [file], onProgress: (bytes, total) => setSent({ bytes, total }) },
      );
      void message.success('材料已上传，等组长核对');
      await client.invalidateQueries({ queryKey: ['withdrawals'] });
    } catch (cause) {
      setError(cause);
    } finally {
      setSent(null);
    }
  };
  if (!open)
    return (
      <div className="zz-page-extra">
        <Button icon={<CameraOutlined />} onClick={() => setOpen(true)}>
          换一张照片
        </Button>
        <span className="zz-note">拍得不清楚或缺了一样时再换；换了以后重新等组长核对。</span>
      </div>
    );
  return (
    <>
      <DropFiles
        hint={`${request.hasEvidence ? '重新上传会换掉原来的照片。' : ''}一张照片，JPG、PNG 或手机原图，字迹要看得清`}
        accept={PICTURES}
        busy={sent !== null}
        onFiles={(files) => void give(files)}
      />
      <div className="zz-page-extra">
        <ActionButton
          can="withdrawal.request"
          icon={<CameraOutlined />}
          refused={sent ? '正在上传，请稍候。' : null}
          onClick={() => camera.current?.click()}
        >
          用摄像头拍照
        </ActionButton>
        <input
          ref={camera}
          type="file"
          hidden
          accept="image/*"
          capture="environment"
          aria-label="拍照上传"
          onChange={(event) => void give([...(event.target.files ?? [])])}
        />
      </div>
      {sent && <UploadBar fileName="材料照片" sentBytes={sent.bytes} totalBytes={sent.total} />}
      <ErrorNote error={error} />
    </>
  );
}
