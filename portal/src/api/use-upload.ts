import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { RouteName, routes } from '#contract/index.ts'
import { type Answer, type Input, upload } from './call.ts'
import type { ProblemError } from './problem-error.ts'
import type { ActionOptions } from './use-route.ts'

/** Routes whose body is one file. */
export type UploadRoute = {
  [N in RouteName]: (typeof routes)[N] extends { body: 'file' } ? N : never
}[RouteName]

/** Sends a file to a route: `run(input, file)`; `progress` is 0–1 while it runs. Give it to `<FileDrop>`. */
export function useUpload<N extends UploadRoute>(name: N, options: ActionOptions<N> = {}) {
  const client = useQueryClient()
  const [progress, setProgress] = useState(0)
  const mutation = useMutation<Answer<N>, ProblemError, { input: Omit<Input<N>, 'body'>; file: File }>({
    mutationFn: ({ input, file }) => upload(name, input, file, setProgress),
    onMutate: () => setProgress(0),
    onSuccess: (answer) => {
      for (const stale of options.invalidates ?? []) void client.invalidateQueries({ queryKey: [stale] })
      options.onDone?.(answer)
    },
  })
  return {
    run: (input: Omit<Input<N>, 'body'>, file: File) => mutation.mutateAsync({ input, file }).catch(() => undefined),
    progress,
    isRunning: mutation.isPending,
    error: mutation.error,
    reset: mutation.reset,
  }
}
