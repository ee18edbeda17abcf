import { Modal } from 'antd';
import { useState } from 'react';
import { urlOf } from '#ui/api';
import { useKeyBlock } from '#ui/keyboard';
import { NameWatermark } from '#ui/page';
import { previewLetter } from '../contract.ts';

export interface LetterPreviewProps {
  readonly caseId: string;
  readonly onClose: () => void;
}

/** The letter as it will be made, to read to the candidate or to compare with what they said. Each look is logged. */
export function LetterPreview({ caseId, onClose }: LetterPreviewProps) {
  const [failed, setFailed] = useState(false);
  useKeyBlock(true);
  return (
    <Modal open title="退档申请书（预览）" footer={null} width={640} style={{ top: 24 }} onCancel={onClose}>
      <p className="zz-note">
        还没有登记，也没有保存。请核对学校、年份、姓名和考生号；登记以后才生成可以打印签字的 PDF。
      </p>
      {failed ? (
        <p>申请书现在看不了：网络断了，或者这名考生刚刚不能登记退档了。请关上再打开一次。</p>
      ) : (
        <NameWatermark>
          <img
            className="zz-letter-preview"
            src={urlOf(previewLetter, { params: { caseId } })}
            alt="退档申请书预览：写给学校，由考生和家长签名"
            onError={() => setFailed(true)}
          />
        </NameWatermark>
      )}
    </Modal>
  );
}
