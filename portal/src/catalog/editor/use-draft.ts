import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { EntryContent, Revision } from '#contract/catalog.ts'
import { type ProblemError, routeKey, useAction } from '../../api/index.ts'

const quietMs = 1500

export type SaveState = 'saved' | 'changed' | 'saving' | 'failed' | 'conflict'

/**
 * A draft that saves itself when its author pauses. Saves follow each other, each with the `edit` that the one before
 * answered; where somebody else saved meanwhile nothing is overwritten until the author decides.
 */
export function useDraft(revision: Revision) {
  const [content, setContent] = useState<EntryContent>(revision.content)
  const [state, setState] = useState<SaveState>('saved')
  const [savedAt, setSavedAt] = useState(revision.updatedAt)
  const edit = useRef(revision.edit)
  const latest = useRef(content)
  const stored = useRef(content)
  const running = useRef<Promise<boolean> | null>(null)
  const update = useAction('update_revision')
  const client = useQueryClient()
  const params = { revisionId: revision.id }

  const saveOnce = async (): Promise<boolean> => {
    const sent = latest.current
    setState('saving')
    const answer = await update.run({ params, body: { content: sent, edit: edit.current } })
    if (!answer) {
      setState('failed')
      return false
    }
    // Whoever comes back to the draft begins with what was stored last.
    client.setQueryData(routeKey('get_revision', { params }), answer)
    edit.current = answer.edit
    stored.current = sent
    setSavedAt(answer.updatedAt)
    setState(latest.current === sent ? 'saved' : 'changed')
    return true
  }
  /** Resolves with true when everything is stored. */
  const save = async (): Promise<boolean> => {
    while (running.current) await running.current
    if (latest.current === stored.current) return true
    running.current = saveOnce().finally(() => {
      running.current = null
    })
    return running.current
  }
  const change = useCallback((changed: Partial<EntryContent>) => {
    latest.current = { ...latest.current, ...changed }
    setContent(latest.current)
    setState('changed')
  }, [])
  const error: ProblemError | null = update.error
  const isConflict = error?.problem.code === 'value.stale'

  const saveLatest = useRef(save)
  saveLatest.current = save
  useEffect(() => {
    // A conflict waits for the author; everything else is tried again after the next change.
    if (content === stored.current || isConflict) return
    const timer = setTimeout(() => void saveLatest.current(), quietMs)
    return () => clearTimeout(timer)
  }, [content, isConflict])
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => latest.current !== stored.current && event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => {
      window.removeEventListener('beforeunload', warn)
      if (latest.current !== stored.current) void saveLatest.current()
    }
  }, [])

  return {
    content,
    change,
    save,
    savedAt,
    error,
    state: isConflict ? 'conflict' : state,
    /** After a conflict: what stands here goes over what the other stored. */
    overwrite: (theirEdit: number) => {
      edit.current = theirEdit
      update.reset()
      return save()
    },
  } as const
}
export type Draft = ReturnType<typeof useDraft>
