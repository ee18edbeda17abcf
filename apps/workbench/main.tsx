import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { App, ConfigProvider } from 'antd';
import zhCN from 'antd/locale/zh_CN';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn.js';
import { StrictMode, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from '#ui/api';
import { createWorkbenchRouter } from './router.tsx';
import './styles.css';
import { themeConfig, useThemeChoice } from './theme.tsx';

dayjs.locale('zh-cn');

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A refusal stays a refusal; only what the network lost is asked for again.
      retry: (failures, error) => failures < 2 && error instanceof ApiError && error.isRetryable,
    },
  },
});
const router = createWorkbenchRouter(client);

function Workbench() {
  const { isDark } = useThemeChoice();
  useEffect(() => {
    document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
  }, [isDark]);
  return (
    <ConfigProvider locale={zhCN} theme={themeConfig(isDark)} button={{ autoInsertSpace: false }}>
      <App message={{ maxCount: 3 }} className="zz-app">
        <RouterProvider router={router} />
      </App>
    </ConfigProvider>
  );
}

const root = document.getElementById('root');
if (root) {
  document.body.classList.add('zz-theme');
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <Workbench />
      </QueryClientProvider>
    </StrictMode>,
  );
}
