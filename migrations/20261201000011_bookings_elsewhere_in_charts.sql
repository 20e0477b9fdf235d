-- Bookings of other systems stand in the charts that devices have, so that they are seen where people look. The snapshots are written anew
-- in a format that holds them.

-- Its time has passed, and nobody said what became of it: it counts as missed. Looked up with the session.
alter table booking_elsewhere add column unsaid boolean not null default false;
grant update (unsaid) on booking_elsewhere to cadence_app;
