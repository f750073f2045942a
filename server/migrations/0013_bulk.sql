-- Bulk changes are a kind of import.

alter table customer_imports drop constraint customer_imports_kind_check;
alter table customer_imports add constraint customer_imports_kind_check check (kind in ('import', 'bulk', 'undo'));
