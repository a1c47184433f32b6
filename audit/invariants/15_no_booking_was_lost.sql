-- Every booking that the ledger tells of is there; or its event was deleted, and the audit log has kept the booking.
-- Means: somebody bought a seat, was told so, and the booking is gone, or names another seat, person or hold.
-- Do: the row says who bought what. Restore the booking from a backup, or refund it; then look for who deletes or
-- changes bookings besides the services.
WITH told AS (
    SELECT booking ->> 'booking_id' AS booking_id, booking ->> 'seat_id' AS seat_id, booking ->> 'user_id' AS user_id
    FROM audit_log
    CROSS JOIN LATERAL jsonb_array_elements(
        CASE WHEN jsonb_typeof(detail -> 'bookings') = 'array' THEN detail -> 'bookings' ELSE '[]' END) AS booking
    WHERE object_type = 'event' AND action IN ('event.deleted', 'event.force_deleted')
)
SELECT l.booking_id, l.seat_id, l.version, l.event_id, l.user_id, l.hold_id, l.at
FROM seat_log l
LEFT JOIN bookings b
    ON b.id = l.booking_id AND b.seat_id = l.seat_id AND b.event_id = l.event_id AND b.user_id = l.user_id
   AND b.hold_id = l.hold_id
WHERE l.new_status = 'booked' AND b.id IS NULL
  AND (
      EXISTS (SELECT FROM events WHERE events.id = l.event_id)
      OR NOT EXISTS (
          SELECT FROM told
          WHERE told.booking_id = l.booking_id::text AND told.seat_id = l.seat_id::text
            AND told.user_id = l.user_id::text)
  )
ORDER BY l.booking_id;
