-- The changes of a seat are dated in the order in which they happened.
-- Means: the clock of the database was set back. No seat is lost by that: holds ended later than they should have. But
-- what the ledger says about times on these seats is not to be trusted, and other findings on them may come from it.
-- Do: let NTP slew the clock of the database's machine and never step it. A step that is known and over can be left out
-- with `--skip the_ledger_follows_the_clock`.
SELECT seat_id, version, at, previous_at
FROM (
    SELECT seat_id, version, at, lag(at) OVER (PARTITION BY seat_id ORDER BY version) AS previous_at FROM seat_log
) AS dated
WHERE at < previous_at
ORDER BY seat_id, version;
