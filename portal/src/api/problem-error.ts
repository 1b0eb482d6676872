import type { Problem } from '#contract/values.ts'

/** What every failed call throws: the server's problem (RFC 9457), or one made here when there was no answer. */
export class ProblemError extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.detail}`)
    this.name = 'ProblemError'
    this.problem = problem
  }
}

/** No answer, or one that no route of ours gives (a proxy's page). `code` is `portal.unreachable` or `portal.unreadable`. */
export function localProblem(code: string, status: number, detail: string): ProblemError {
  return new ProblemError({
    type: `urn:datong:problem:${code}`,
    title: detail,
    status,
    detail,
    instance: '',
    code,
    actor: null,
    errors: [],
  })
}
