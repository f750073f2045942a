-- Transaction ids belong to one cluster. After dump and restore the journal contains ids that the new cluster
-- has yet to assign; the change id tells which cluster they belong to.
create table journal_clusters (
  -- The order of clusters the journal has lived in, from 0.
  place integer primary key,
  system_identifier bigint not null,
  -- Every earlier change has a smaller id.
  first_id bigint not null
);
grant select on journal_clusters to clientele_service, clientele_operator;
