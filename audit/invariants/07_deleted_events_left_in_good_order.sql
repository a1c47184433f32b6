-- An event whose seats are gone is gone itself, was deleted by an admin according to the audit log, and the ledger ends
-- with all of its seats blocked.
-- Means: seats or a whole event were deleted past the service, perhaps with bookings in them, or the audit log was
-- shortened.
-- Do: find out who may write to the database besides the services. The ledger still names the buyers of the seats
-- (`new_status = 'booked'`); restore the rows from a backup, or refund them.
WITH gone AS (
    SELECT event_id, count(*) AS seats, count(*) FILTER (WHERE new_status <> 'blocked') AS not_blocked
    FROM (
        SELECT DISTINCT ON (seat_id) seat_id, event_id, new_status
        FROM seat_log
        WHERE NOT EXISTS (SELECT FROM seats WHERE seats.id = seat_log.seat_id)
        ORDER BY seat_id, version DESC
    ) AS last_word
    GROUP BY event_id
),
told AS (
    SELECT CASE WHEN object_id ~ '^[0-9]{1,18}$' THEN object_id::bigint END AS event_id,
           count(*) AS entries, max(detail #>> '{event,seat_count}') AS seats
    FROM audit_log
    WHERE object_type = 'event' AND action IN ('event.deleted', 'event.force_deleted')
    GROUP BY 1
)
SELECT event_id, events.id IS NOT NULL AS event_is_there, gone.seats AS seats_gone, gone.not_blocked,
       told.entries AS audit_entries, told.seats AS seats_in_audit_log
FROM gone
FULL JOIN told USING (event_id)
LEFT JOIN events ON events.id = event_id
WHERE events.id IS NOT NULL
   OR told.entries IS DISTINCT FROM 1
   OR gone.not_blocked IS DISTINCT FROM 0
   OR gone.seats::text IS DISTINCT FROM told.seats
ORDER BY event_id;
