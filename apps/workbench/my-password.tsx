import { useNavigate } from '@tanstack/react-router';
import { App } from 'antd';
import { Page, Section } from '#ui/page';
import { PasswordForm } from './login/password-form.tsx';

/** 修改密码, for someone who is signed in. */
export function MyPassword() {
  const { message } = App.useApp();
  const navigate = useNavigate();
  return (
    <Page note="修改后，您在其他设备上的登录会失效。">
      <Section>
        <div className="zz-narrow">
          <PasswordForm
            onDone={() => {
              void message.success('密码已修改');
              void navigate({ to: '/' });
            }}
          />
        </div>
      </Section>
    </Page>
  );
}
