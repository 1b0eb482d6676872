import { QueryClientProvider } from '@tanstack/react-query'
import { App, ConfigProvider } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import dayjs from 'dayjs'
import { lazy, type ReactNode, useEffect, useState } from 'react'
import { createBrowserRouter } from 'react-router'
import { RouterProvider } from 'react-router/dom'
import 'dayjs/locale/zh-cn'
import { portalPaths } from '#contract/portal-paths.ts'
import { openQueryClient } from '../api/index.ts'
import { LanguageProvider, useLanguage } from '../ui/index.ts'
import { Layout } from './layout.tsx'
import { PageFrame } from './page-frame.tsx'
import type { PortalPage, PortalRoom } from './room.ts'
import { SessionGate } from './session.tsx'
import { FailedPage, HomePage, NotFoundPage } from './stray-pages.tsx'
import { theme } from './theme.ts'

/** The whole portal, made from its rooms. */
export function Portal({ rooms }: { rooms: PortalRoom[] }) {
  const [client] = useState(() => openQueryClient(() => {}))
  const [router] = useState(() => openRouter(rooms))
  return (
    <LanguageProvider>
      <QueryClientProvider client={client}>
        <Locale>
          <RouterProvider router={router} />
        </Locale>
      </QueryClientProvider>
    </LanguageProvider>
  )
}

function Locale({ children }: { children: ReactNode }) {
  const { language } = useLanguage()
  useEffect(() => {
    dayjs.locale(language === 'zh' ? 'zh-cn' : 'en')
  }, [language])
  return (
    <ConfigProvider locale={language === 'zh' ? zhCN : enUS} theme={theme} button={{ autoInsertSpace: false }}>
      <App>{children}</App>
    </ConfigProvider>
  )
}

const toRoute = (page: PortalPage) => {
  const Content = lazy(async () => ({ default: await page.load() }))
  return { path: portalPaths[page.page], element: <PageFrame page={page} Content={Content} />, errorElement: <FailedPage /> }
}

const openRouter = (rooms: PortalRoom[]) =>
  createBrowserRouter([
    {
      path: '/',
      element: (
        <SessionGate>
          <Layout rooms={rooms} />
        </SessionGate>
      ),
      errorElement: <FailedPage />,
      children: [
        { index: true, element: <HomePage rooms={rooms} /> },
        ...rooms.flatMap((room) => room.pages).map(toRoute),
        { path: '*', element: <NotFoundPage /> },
      ],
    },
  ])
