import type { PortalRoom } from '../shell/index.ts'
import { wordsOf } from '../ui/index.ts'
import { driftText } from './drift/text.ts'
import { agentText } from './agent/text.ts'
import { logicalText } from './logical/text.ts'
import { loadText } from './load/text.ts'
import { planText } from './plan/text.ts'
import { quarantineText } from './quarantine/text.ts'
import { scheduleText } from './schedule/text.ts'
import { retentionText } from './retention/text.ts'
import { sourceText } from './source/text.ts'
import { streamText } from './stream/text.ts'
import { surveyText } from './survey/text.ts'
import { ingestionText } from './text.ts'

export const ingestionRoom: PortalRoom = {
  name: 'ingestion',
  title: wordsOf(ingestionText, (t) => t.room),
  pages: [
    {
      page: 'sources',
      title: wordsOf(sourceText, (t) => t.list.title),
      needs: 'ingestion:read',
      menu: 'room',
      load: () => import('./source/source-list-page.tsx').then((module) => module.SourceListPage),
    },
    {
      page: 'plans',
      title: wordsOf(planText, (t) => t.list.title),
      needs: 'ingestion:read',
      menu: 'room',
      load: () => import('./plan/plan-list-page.tsx').then((module) => module.PlanListPage),
    },
    {
      page: 'loads',
      title: wordsOf(loadText, (t) => t.list.title),
      needs: 'ingestion:read',
      menu: 'room',
      load: () => import('./load/load-list-page.tsx').then((module) => module.LoadListPage),
    },
    {
      page: 'drifts',
      title: wordsOf(driftText, (t) => t.list.title),
      needs: 'ingestion:read',
      menu: 'room',
      counts: ['drifts_to_decide'],
      load: () => import('./drift/drift-list-page.tsx').then((module) => module.DriftListPage),
    },
    {
      page: 'drift',
      title: wordsOf(driftText, (t) => t.page.title),
      needs: 'ingestion:read',
      load: () => import('./drift/drift-page.tsx').then((module) => module.DriftPage),
    },
    {
      page: 'agents',
      title: wordsOf(agentText, (t) => t.title),
      needs: 'ingestion:read',
      menu: 'room',
      load: () => import('./agent/agent-list-page.tsx').then((module) => module.AgentListPage),
    },
    {
      page: 'turns',
      title: wordsOf(scheduleText, (t) => t.turns.title),
      needs: 'ingestion:read',
      menu: 'room',
      load: () => import('./schedule/turn-list-page.tsx').then((module) => module.TurnListPage),
    },
    {
      page: 'morning',
      title: wordsOf(scheduleText, (t) => t.morning.title),
      needs: 'ingestion:read',
      menu: 'room',
      load: () => import('./schedule/morning-page.tsx').then((module) => module.MorningPage),
    },
    {
      page: 'storage',
      title: wordsOf(retentionText, (t) => t.storage.title),
      needs: 'ingestion:read',
      menu: 'room',
      counts: ['quarantines_past'],
      load: () => import('./retention/storage-page.tsx').then((module) => module.StoragePage),
    },
    {
      page: 'destructions',
      title: wordsOf(retentionText, (t) => t.list.title),
      needs: 'ingestion:read',
      menu: 'room',
      counts: ['destructions_to_decide'],
      load: () => import('./retention/destruction-list-page.tsx').then((module) => module.DestructionListPage),
    },
    {
      page: 'streams',
      title: wordsOf(streamText, (t) => t.title),
      needs: 'ingestion:read',
      menu: 'room',
      counts: ['streams_troubled'],
      load: () => import('./stream/stream-list-page.tsx').then((module) => module.StreamListPage),
    },
    {
      page: 'logical',
      title: wordsOf(logicalText, (t) => t.title),
      needs: 'ingestion:read',
      menu: 'room',
      load: () => import('./logical/logical-list-page.tsx').then((module) => module.LogicalListPage),
    },
    {
      page: 'new_logical',
      title: wordsOf(logicalText, (t) => t.create),
      needs: 'ingestion:write',
      load: () => import('./logical/bind-logical-page.tsx').then((module) => module.BindLogicalPage),
    },
    {
      page: 'survey',
      title: wordsOf(surveyText, (t) => t.title),
      needs: 'ingestion:read',
      load: () => import('./survey/survey-page.tsx').then((module) => module.SurveyPage),
    },
    {
      page: 'source',
      title: wordsOf(ingestionText, (t) => t.source),
      needs: 'ingestion:read',
      load: () => import('./source/source-page.tsx').then((module) => module.SourcePage),
    },
    {
      page: 'new_plan',
      title: wordsOf(planText, (t) => t.edit.title),
      needs: 'ingestion:write',
      load: () => import('./plan/edit-plan-page.tsx').then((module) => module.EditPlanPage),
    },
    {
      page: 'plan',
      title: wordsOf(planText, (t) => t.page.title),
      needs: 'ingestion:read',
      load: () => import('./plan/plan-page.tsx').then((module) => module.PlanPage),
    },
    {
      page: 'quarantine',
      title: wordsOf(quarantineText, (t) => t.title),
      needs: 'ingestion:read',
      load: () => import('./quarantine/quarantine-page.tsx').then((module) => module.QuarantinePage),
    },
    {
      page: 'load',
      title: wordsOf(loadText, (t) => t.page.title),
      needs: 'ingestion:read',
      load: () => import('./load/load-page.tsx').then((module) => module.LoadPage),
    },
  ],
}
