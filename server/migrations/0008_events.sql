-- Finds a customer's first and last booking at the two ends of an index, also among many other events.
create index events_booking_idx on events (enterprise_id, customer_id, start_at) where type = 'booking';
