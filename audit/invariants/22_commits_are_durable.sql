-- What PostgreSQL has acknowledged survives a crash, and its triggers fire: `synchronous_commit`, `fsync` and
-- `full_page_writes` are on, `session_replication_role` is `origin`, and no database or role has a setting of its own
-- that says otherwise.
-- Means: a confirmed booking can be lost when the server, or the machine, stops; or changes go past the guards.
-- Do: set it right in `postgresql.conf`, or with `ALTER SYSTEM`, `ALTER DATABASE … RESET` or `ALTER ROLE … RESET`, and
-- restart the services. `--scratch` does without `fsync` and `full_page_writes`, for databases that may be lost with
-- their machine.
WITH demanded (name, allowed, in_scratch) AS (VALUES
    ('synchronous_commit', '{on,remote_apply,remote_write,local}'::text[], true),
    ('session_replication_role', '{origin,local}', true),
    ('fsync', '{on}', false),
    ('full_page_writes', '{on}', false)
),
found (name, value, set_for) AS (
    SELECT name, setting, 'this connection' FROM pg_settings
    UNION ALL
    SELECT split_part(entry, '=', 1), split_part(entry, '=', 2),
           concat_ws(', ', 'database ' || d.datname, 'role ' || r.rolname)
    FROM pg_db_role_setting s
    CROSS JOIN unnest(s.setconfig) AS entry
    LEFT JOIN pg_database d ON d.oid = s.setdatabase
    LEFT JOIN pg_roles r ON r.oid = s.setrole
    WHERE s.setdatabase = 0 OR d.datname = current_database()
)
SELECT name, value, set_for
FROM found
JOIN demanded USING (name)
WHERE value <> ALL (allowed)
  AND (in_scratch OR coalesce(nullif(current_setting('audit.scratch', true), ''), 'off') <> 'on')
ORDER BY name, set_for;
