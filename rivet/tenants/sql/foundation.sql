-- The roles are created by whoever runs the server (rivet/development/roles.sql); this file says what they may touch.
GRANT USAGE ON SCHEMA public TO rivet_app, rivet_dispatch;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO rivet_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO rivet_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO rivet_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO rivet_app;

-- The clock. Only the owner may move it, and only tests do.
CREATE TABLE rivet_clock (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    ahead interval NOT NULL DEFAULT '0'
);
INSERT INTO rivet_clock DEFAULT VALUES;
REVOKE ALL ON rivet_clock FROM rivet_app;
GRANT SELECT ON rivet_clock TO rivet_app, rivet_dispatch;

-- STABLE, so that `due_at <= rivet_now()` can use an index: one reading per statement.
CREATE FUNCTION rivet_now() RETURNS timestamptz LANGUAGE sql STABLE AS
$$ SELECT clock_timestamp() + ahead FROM rivet_clock $$;

CREATE SEQUENCE rivet_event_id;
GRANT USAGE, SELECT ON SEQUENCE rivet_event_id TO rivet_app;

-- Whose rows are these? Unset raises: forgetting the tenant must not look like an empty list.
CREATE FUNCTION rivet_tenant_id() RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE chosen text := nullif(current_setting('rivet.tenant_id', true), '');
BEGIN
    IF chosen IS NULL THEN
        RAISE EXCEPTION 'no tenant is set for this transaction' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN chosen::bigint;
END $$;

-- For the tables people sign in through, where no tenant is known yet.
CREATE FUNCTION rivet_tenant_id_if_set() RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT nullif(current_setting('rivet.tenant_id', true), '')::bigint $$;
CREATE FUNCTION rivet_user_id() RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT nullif(current_setting('rivet.user_id', true), '')::bigint $$;
CREATE FUNCTION rivet_signing_in() RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT coalesce(current_setting('rivet.signing_in', true), '') = 'on' $$;

-- Months for every partitioned table: last month to three ahead, and a default so that no row is ever refused.
-- The parents carry the policies; nobody but the owner may open a partition by its own name.
CREATE FUNCTION rivet_create_partitions() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE parent regclass; month date; part text;
BEGIN
    FOR parent IN SELECT partrelid FROM pg_partitioned_table JOIN pg_class ON oid = partrelid
                  WHERE relnamespace = 'public'::regnamespace LOOP
        part := format('%s_rest', parent);
        IF to_regclass(part) IS NULL THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF %s DEFAULT', part, parent);
            EXECUTE format('REVOKE ALL ON %I FROM rivet_app', part);
        END IF;
        FOR month IN SELECT generate_series(date_trunc('month', rivet_now()) - interval '1 month',
                                            date_trunc('month', rivet_now()) + interval '3 months', '1 month') LOOP
            part := format('%s_%s', parent, to_char(month, 'YYYYMM'));
            IF to_regclass(part) IS NULL THEN
                EXECUTE format('CREATE TABLE %I PARTITION OF %s FOR VALUES FROM (%L) TO (%L)', part, parent,
                               month::timestamp AT TIME ZONE 'UTC',
                               (month + interval '1 month') AT TIME ZONE 'UTC');
                EXECUTE format('REVOKE ALL ON %I FROM rivet_app', part);
            END IF;
        END LOOP;
    END LOOP;
END $$;
