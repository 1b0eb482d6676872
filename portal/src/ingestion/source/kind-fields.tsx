import { Form } from 'antd'
import type { SourceSettings } from '#contract/ingestion.ts'
import { sourceKinds } from '#contract/source-settings.ts'
import { useRoute } from '../../api/index.ts'
import { ChoiceField, NumberField, TextField, toChoices, useText } from '../../ui/index.ts'
import { SecretField } from './secret-field.tsx'
import { sourceText } from './text.ts'

type Kind = SourceSettings['kind']

/** What a kind begins with; nothing of another kind is sent, since the contract's schemas are closed. */
export const blankSettings: Record<Kind, Partial<SourceSettings>> = {
  postgresql: { kind: 'postgresql', port: 5432, schema: 'public' },
  mysql: { kind: 'mysql', port: 3306 },
  sqlserver: { kind: 'sqlserver', port: 1433, schema: 'dbo', certificate: '' },
  oracle: { kind: 'oracle', port: 1521 },
  mongodb: { kind: 'mongodb', port: 27017, user: '', authSource: 'admin', certificate: '' },
  clickhouse: { kind: 'clickhouse', port: 9000, database: 'default' },
  sqlite: { kind: 'sqlite', path: '' },
  sftp: { kind: 'sftp', port: 22, path: '.', hostKey: '' },
  s3: { kind: 's3', region: '', prefix: '', addressing: 'host' },
  hdfs: { kind: 'hdfs', user: '' },
  kafka: { kind: 'kafka', brokers: '', mechanism: 'none', user: '', certificate: '' },
  http: { kind: 'http', user: '' },
  folder: { kind: 'folder', path: '' },
  upload: { kind: 'upload' },
  agent: { kind: 'agent' },
}

/** The settings of one kind, in the words of the office. */
export function KindFields({ kind, hasSecret }: { kind: Kind; hasSecret: boolean }) {
  const t = useText(sourceText).form
  switch (kind) {
    case 'upload':
      return <p className="dt-muted dt-form-note">{t.upload}</p>
    case 'agent':
      return <AgentFields />
    case 'folder':
      return <TextField name={['settings', 'path']} label={t.path} help={t.pathHelp} max={1000} />
    case 'sqlite':
      return <TextField name={['settings', 'path']} label={t.databaseFile} help={t.databaseFileHelp} required max={1000} />
    case 'sftp':
      return <SftpFields hasSecret={hasSecret} />
    case 's3':
      return <BucketFields hasSecret={hasSecret} />
    case 'hdfs':
      return <HdfsFields hasSecret={hasSecret} />
    case 'kafka':
      return <KafkaFields hasSecret={hasSecret} />
    case 'http':
      return <WebFields hasSecret={hasSecret} />
    default:
      return <DatabaseFields kind={kind} hasSecret={hasSecret} />
  }
}

const encryptedKinds = new Set<Kind>(['postgresql', 'sqlserver', 'mongodb'])
const schemaKinds = new Set<Kind>(['postgresql', 'sqlserver', 'oracle'])

function DatabaseFields({ kind, hasSecret }: { kind: Kind; hasSecret: boolean }) {
  const t = useText(sourceText).form
  return (
    <div className="dt-form-columns">
      <TextField name={['settings', 'host']} label={t.host} help={t.hostHelp} required max={253} />
      <NumberField name={['settings', 'port']} label={t.port} min={1} max={65535} required />
      <TextField name={['settings', 'database']} label={kind === 'oracle' ? t.service : t.database} required max={63} />
      {schemaKinds.has(kind) && <TextField name={['settings', 'schema']} label={t.schema} required max={63} />}
      {kind === 'mongodb' ? (
        <>
          <TextField name={['settings', 'user']} label={t.optionalUser} help={t.userHelp} max={63} />
          <TextField name={['settings', 'authSource']} label={t.authSource} help={t.authSourceHelp} required max={63} />
        </>
      ) : (
        <TextField name={['settings', 'user']} label={t.user} help={t.userHelp} required max={63} />
      )}
      <SecretField label={t.secret} help={hasSecret ? t.secretKept : t.secretHelp} />
      {encryptedKinds.has(kind) && (
        <TextField rows={3} name={['settings', 'certificate']} label={t.certificate} help={t.certificateHelp} max={20_000} />
      )}
      {sourceKinds[kind].isUntried && <p className="dt-muted dt-form-note">{t.untried}</p>}
    </div>
  )
}

/** The organisation's own agents, and the names that they gave their databases. */
function AgentFields() {
  const t = useText(sourceText).form
  const agents = useRoute('list_agents', { query: { limit: 1000 } }).data?.items ?? []
  const agentId = Form.useWatch(['settings', 'agentId']) as string | undefined
  const chosen = agents.find(({ id }) => id === agentId)
  return (
    <div className="dt-form-columns">
      <ChoiceField
        name={['settings', 'agentId']}
        label={t.agent}
        help={t.agentHelp}
        required
        choices={agents.filter(({ state }) => state === 'active').map(({ id, name }) => ({ value: id, label: name }))}
      />
      <ChoiceField
        name={['settings', 'connection']}
        label={t.connection}
        help={t.connectionHelp}
        required
        choices={(chosen?.connections ?? []).map(({ name, kind }) => ({ value: name, label: `${name} ${kind}` }))}
      />
    </div>
  )
}

function SftpFields({ hasSecret }: { hasSecret: boolean }) {
  const t = useText(sourceText).form
  return (
    <div className="dt-form-columns">
      <TextField name={['settings', 'host']} label={t.host} help={t.hostHelp} required max={253} />
      <NumberField name={['settings', 'port']} label={t.port} min={1} max={65535} required />
      <TextField name={['settings', 'user']} label={t.user} required max={63} />
      <TextField name={['settings', 'path']} label={t.path} help={t.remotePathHelp} required max={1000} />
      <TextField name={['settings', 'hostKey']} label={t.hostKey} help={t.hostKeyHelp} max={60} />
      <SecretField label={t.secretOrKey} help={hasSecret ? t.secretKept : t.secretOrKeyHelp} isLong />
    </div>
  )
}

function BucketFields({ hasSecret }: { hasSecret: boolean }) {
  const t = useText(sourceText).form
  return (
    <div className="dt-form-columns">
      <TextField name={['settings', 'endpoint']} label={t.endpoint} help={t.endpointHelp} required max={2000} />
      <TextField name={['settings', 'region']} label={t.region} help={t.regionHelp} required max={40} />
      <TextField name={['settings', 'bucket']} label={t.bucket} required max={63} />
      <TextField name={['settings', 'prefix']} label={t.prefix} help={t.prefixHelp} max={500} />
      <ChoiceField name={['settings', 'addressing']} label={t.addressing} choices={toChoices(t.addressings)} />
      <TextField name={['settings', 'accessKey']} label={t.accessKey} required max={200} />
      <SecretField label={t.accessSecret} help={hasSecret ? t.secretKept : t.secretHelp} />
    </div>
  )
}

function HdfsFields({ hasSecret }: { hasSecret: boolean }) {
  const t = useText(sourceText).form
  return (
    <div className="dt-form-columns">
      <TextField name={['settings', 'endpoint']} label={t.endpoint} help={t.hdfsEndpointHelp} required max={2000} />
      <TextField name={['settings', 'path']} label={t.path} help={t.hdfsPathHelp} required max={1000} />
      <TextField name={['settings', 'user']} label={t.optionalUser} help={t.userHelp} max={100} />
      <SecretField label={t.secret} help={hasSecret ? t.secretKept : t.hdfsSecretHelp} />
      <p className="dt-muted dt-form-note">{t.untriedProtocol}</p>
    </div>
  )
}

function KafkaFields({ hasSecret }: { hasSecret: boolean }) {
  const t = useText(sourceText).form
  return (
    <div className="dt-form-columns">
      <TextField name={['settings', 'brokers']} label={t.brokers} help={t.brokersHelp} required max={2000} />
      <ChoiceField name={['settings', 'mechanism']} label={t.mechanism} help={t.mechanismHelp} choices={toChoices(t.mechanisms)} />
      <TextField name={['settings', 'user']} label={t.optionalUser} help={t.userHelp} max={63} />
      <SecretField label={t.secret} help={hasSecret ? t.secretKept : t.secretHelp} />
      <TextField rows={3} name={['settings', 'certificate']} label={t.certificate} help={t.certificateHelp} max={20_000} />
      <p className="dt-muted dt-form-note">{t.kafkaNote}</p>
    </div>
  )
}

function WebFields({ hasSecret }: { hasSecret: boolean }) {
  const t = useText(sourceText).form
  return (
    <div className="dt-form-columns">
      <TextField name={['settings', 'url']} label={t.url} help={t.urlHelp} required max={2000} />
      <TextField name={['settings', 'user']} label={t.optionalUser} max={100} />
      <SecretField label={t.secret} help={hasSecret ? t.secretKept : t.secretHelp} />
    </div>
  )
}
