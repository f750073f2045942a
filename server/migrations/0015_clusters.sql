-- Transaction ids are a cluster's own. A database that has come from another one, by dump and restore, brings changes
-- whose ids the new cluster has not given yet, or will give again: which cluster they are of is told by their own id.
create table journal_clusters (
  -- In the order in which the journal has been in them; 0 is the first.
  place integer primary key,
  system_identifier bigint not null,
  -- No change that was made before has an id from here on.
  first_id bigint not null
);
grant select on journal_clusters to clientele_service, clientele_operator;
