-- An order has bookings, its total is the sum of their prices, and all of them have its person, event, hold and
-- currency.
-- Means: somebody pays more or less than their bookings cost, or an order and its bookings tell two stories.
-- Do: what was agreed is the sum of the bookings' prices at the time (`created_at`); settle the difference with the
-- buyer, and look for who changes prices, orders or bookings by hand.
SELECT coalesce(o.id, b.order_id) AS order_id, o.user_id, o.event_id, o.total, o.currency,
       b.bookings, b.sum_of_prices, b.agreeing
FROM orders o
FULL JOIN (
    SELECT bookings.order_id, count(*) AS bookings, sum(bookings.price) AS sum_of_prices,
           count(*) FILTER (
               WHERE (bookings.user_id, bookings.event_id, bookings.hold_id, bookings.currency)
                   = (orders.user_id, orders.event_id, orders.hold_id, orders.currency)) AS agreeing
    FROM bookings LEFT JOIN orders ON orders.id = bookings.order_id
    GROUP BY bookings.order_id
) b ON b.order_id = o.id
WHERE (o.total = b.sum_of_prices AND b.agreeing = b.bookings) IS NOT TRUE
ORDER BY 1;
