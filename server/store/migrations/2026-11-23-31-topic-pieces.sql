-- phase: expand
-- breaking: no
-- Pieces of a topic are kept beside files: `topic/partition/first-last`, by their offsets.

-- What the object was that a piece was cut from: a topic that was made anew under its old name is another one.
alter table ingestion.loaded_file add column origin text;
alter table ingestion.loaded_file drop constraint loaded_file_state_check;
-- lost: messages that their broker threw away before they were collected.
alter table ingestion.loaded_file
  add constraint loaded_file_state_check check (state in ('loaded', 'copy', 'changed', 'broken', 'waiting', 'lost'));
