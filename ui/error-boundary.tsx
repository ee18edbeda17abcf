import { Button } from 'antd';
import { Component, type ReactNode } from 'react';
import { messageOf } from './error-note.tsx';

interface Props {
  readonly children: ReactNode;
}

interface State {
  readonly error: unknown;
}

/** React still has no other way to catch a fault while drawing than a class. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render() {
    if (!this.state.error) return this.props.children;
    return <Fault error={this.state.error} onRetry={() => this.setState({ error: null })} />;
  }
}

interface FaultProps {
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** A part of the page that broke: what to do, without a stack. */
export function Fault({ error, onRetry }: FaultProps) {
  const updated = isOldChunk(error);
  return (
    <div className="zz-empty" role="alert">
      <h2>{updated ? '系统刚刚更新' : '这部分没能显示出来'}</h2>
      <p>{updated ? '请刷新页面使用新版本，已保存的内容不受影响。' : messageOf(error)}</p>
      <div className="zz-page-extra">
        {!updated && <Button onClick={onRetry}>再试一次</Button>}
        <Button type="primary" onClick={() => window.location.reload()}>
          刷新页面
        </Button>
      </div>
    </div>
  );
}

/** After an update of the server the old page asks for files that are gone. */
export function isOldChunk(error: unknown): boolean {
  return (
    error instanceof Error && /dynamically imported module|module script|preload CSS/i.test(error.message)
  );
}
