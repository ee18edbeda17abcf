import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { ReasonModal } from './reason-modal.tsx';

/** A revealed value hides itself again, so that nobody leaves it on the screen. */
const shownSeconds = 60;

export interface RevealProps {
  /** `138****8000`, as the server sent it. */
  readonly masked: string;
  /** 手机号, 身份证号: names it in the dialog and for screen readers. */
  readonly label: string;
  /** Asks the server, which logs the reason; rejects with the refusal. */
  readonly onReveal: (reason: string) => Promise<string>;
  /** How often the person may still look today; at 0 the button is dead and says so. */
  readonly left?: number;
}

/** A masked value; 显示 asks for a reason, shows it for a minute, and the server logs who looked and why. */
export function Reveal({ masked, label, onReveal, left }: RevealProps) {
  const [asking, setAsking] = useState(false);
  const [clear, setClear] = useState<string | null>(null);
  useEffect(() => {
    if (clear === null) return;
    const timer = setTimeout(() => setClear(null), shownSeconds * 1000);
    return () => clearTimeout(timer);
  }, [clear]);

  return (
    <span className="zz-reveal">
      <span className="zz-figures">{clear ?? masked}</span>
      <Button
        type="link"
        size="small"
        aria-label={clear ? `隐藏${label}` : `显示${label}`}
        disabled={!clear && left === 0}
        title={left === 0 ? '今天的显示次数已用完，明天恢复；急需时请联系招办。' : undefined}
        onClick={() => (clear ? setClear(null) : setAsking(true))}
      >
        {clear ? '隐藏' : '显示'}
      </Button>
      <ReasonModal
        open={asking}
        onClose={() => setAsking(false)}
        title={`显示${label}`}
        consequence={`将显示完整${label} ${shownSeconds} 秒，查看人、时间和原因都会记录。${left === undefined ? '' : `今天还可显示 ${left} 次。`}`}
        reasonMin={4}
        usual={['拨打电话核对', '考生本人来电', '核对材料']}
        confirmLabel="显示"
        danger={false}
        onConfirm={async (reason) => setClear(await onReveal(reason))}
      />
    </span>
  );
}
