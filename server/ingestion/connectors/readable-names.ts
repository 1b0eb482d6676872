const endings = /\.(?:csv|tsv|txt|tab|dat|xlsx|json|jsonl|ndjson|geojson|xml|sql|parquet|avro|orc)$/i

/** Whether a file's name says that it may hold data; others are not listed. */
export const isReadableName = (name: string): boolean => endings.test(name)
