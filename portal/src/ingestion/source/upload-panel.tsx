import { Alert } from 'antd'
import { useState } from 'react'
import { useUpload } from '../../api/index.ts'
import { FileDrop, ProblemAlert, useText } from '../../ui/index.ts'
import { sourceText } from './text.ts'

/** Sends files to a source of the kind "upload". */
export function UploadPanel({ sourceId }: { sourceId: string }) {
  const t = useText(sourceText).page
  const [sent, setSent] = useState<string>()
  const upload = useUpload('upload_file', {
    invalidates: ['list_source_objects', 'describe_source_object'],
    onDone: ({ object }) => setSent(object),
  })
  const send = (file: File) => {
    setSent(undefined)
    void upload.run({ query: { fileName: file.name, sourceId } }, file)
  }
  return (
    <section className="dt-panel">
      <h2>{t.upload}</h2>
      <FileDrop
        hint={t.uploadHint}
        accept=".csv,.tsv,.txt,.xlsx,.json,.jsonl,.ndjson,.geojson,.xml,.sql,.parquet,.avro,.orc"
        onFile={send}
        isRunning={upload.isRunning}
        progress={upload.progress}
      />
      <ProblemAlert error={upload.error} />
      {sent && <Alert type="success" showIcon role="status" className="dt-below" title={t.uploaded(sent)} />}
    </section>
  )
}
