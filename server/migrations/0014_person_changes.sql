-- Journals changes of members and invitations.

alter table changes drop constraint changes_subject_check;
alter table changes add constraint changes_subject_check check (subject in
  ('customer', 'custom_field', 'category', 'tag', 'event', 'import', 'app', 'company', 'webhook', 'person'));
