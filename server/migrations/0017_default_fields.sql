-- The default fields that an enterprise has been given: each is added once, also to an enterprise from before.
alter table enterprises add column default_field_ids text[] not null default '{}';
update enterprises set default_field_ids = '{salutation,firstName,lastName,companyName,email,mobilePhone,landlinePhone,street,zipcode,city,country,birthday,notes}';
