import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'

const program = '/usr/bin/kcat'
/** Whether Debian's package kcat is installed. */
export const hasKcat = (): boolean => existsSync(program)

/**
 * The mock cluster of librdkafka, the client in C, in a process of kcat's on loopback. It speaks Kafka's protocol and keeps messages in memory:
 * 5 MB of a partition, of which the oldest go first. A topic is made with four partitions by whoever asks for it first. It knows no
 * passwords, keeps no track of transactions, and deletes no topic.
 */
export interface KafkaMock {
  /** `127.0.0.1:9001,127.0.0.1:9002,127.0.0.1:9003` */
  brokers: string
  /** Each one is a message; where `hasKeys`, its key stands before a tab, and one without a value has none. */
  produce(
    topic: string,
    messages: readonly (string | Buffer)[],
    how?: { partition?: number; hasKeys?: boolean; compression?: string },
  ): Promise<void>
  /** Holds its process, and lets it go on. */
  hang(): void
  wake(): void
  stop(): Promise<void>
}

export async function startKafkaMock(): Promise<KafkaMock> {
  const args = ['-b', '127.0.0.1:9', '-X', 'test.mock.num.brokers=3', '-d', 'mock', '-C', '-t', '__nothing', '-q']
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  const brokers = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (bytes: Buffer) => {
      // What it tells of each request is heard, so that it does not stand still, and forgotten.
      if (said.length < 100_000) said += bytes.toString()
      const found = /bootstrap\.servers=(\S+)/.exec(said)
      if (found) resolve(found[1]!)
    })
    child.once('exit', () => reject(new Error(`kcat ended: ${said.slice(0, 500)}`)))
  })
  const run = async (input: Buffer, more: readonly string[]): Promise<void> => {
    const producer = spawn(program, ['-P', '-b', brokers, '-q', ...more], { stdio: ['pipe', 'ignore', 'pipe'] })
    let problem = ''
    producer.stderr.on('data', (bytes: Buffer) => {
      problem += bytes.toString()
    })
    producer.stdin.end(input)
    const [code] = await once(producer, 'exit')
    if (code !== 0) throw new Error(`kcat -P: ${problem.slice(0, 500)}`)
  }
  return {
    brokers,
    produce: (topic, messages, { partition = -1, hasKeys = false, compression = 'none' } = {}) =>
      run(Buffer.concat(messages.flatMap((message) => [Buffer.from(message as string), Buffer.from([1])])), [
        ...['-t', topic, '-p', String(partition), '-D', '\\x01', '-z', compression],
        ...(hasKeys ? ['-K', '\\t', '-Z'] : []),
      ]),
    hang: () => void child.kill('SIGSTOP'),
    wake: () => void child.kill('SIGCONT'),
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}
