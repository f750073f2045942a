-- The error of an attempt as data. Attempts from before have their text in `error` alone.
alter table webhook_attempts
  add column error_key text,
  add column error_params jsonb;
