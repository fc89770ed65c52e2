/** The tables, and how they came to be what they are. */

/** The version of the schema that this code is for. */
export const version = 4;

/** Quotes a name. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * Returns the statements that make the schema what the versions after `from`, up to `to`, need. Those that run beside workers of the
 * version before must not disturb them: what such workers cannot live with raises `oldest`, and they claim no more.
 */
export function migrations(schema: string, from: number, to: number = version): string[] {
  const s = quote(schema);
  const steps: string[][] = [first(s), second(s), third(s), fourth(s)];
  const wanted = steps.slice(from, to).flat();
  if (from === 0) {
    wanted.unshift(
      `CREATE SCHEMA IF NOT EXISTS ${s}`,
      `CREATE TABLE ${s}.version (
  version int NOT NULL,                                 -- of the tables
  oldest  int NOT NULL                                  -- the oldest version of workers that can live with them
)`,
      `INSERT INTO ${s}.version VALUES (${to}, 1)`,
    );
  } else {
    wanted.push(`UPDATE ${s}.version SET version = ${to}`);
  }
  return wanted;
}

function first(s: string): string[] {
  return [
    // One table holds what is not settled; what is done is deleted, what is dead moves out.
    `CREATE TABLE ${s}.message (
  topic       text        NOT NULL,
  id          text        NOT NULL,                             -- the sender's own, or a UUID (version 7) that it made
  seq         bigint      GENERATED ALWAYS AS IDENTITY,          -- the order among messages of one run_at
  state       "char"      NOT NULL DEFAULT 'r',                  -- r ready, b behind another of its key, x being worked on
  run_at      timestamptz NOT NULL DEFAULT now(),                -- not before
  expires_at  timestamptz,                                       -- the sender's deadline, if it asked to keep it
  key         text,
  attempt     int         NOT NULL DEFAULT 0,                    -- how many there were; one that was given back does not count
  token       bigint,                                            -- of one claim of one worker, never used again
  lease_until timestamptz,                                       -- in no index: extending a lease is a HOT update
  worker      int,                                               -- the number whose advisory lock the worker holds; negative if it holds none
  cancel      text,                                              -- asked to stop, and why
  error       text,                                              -- of the last attempt
  sent_at     timestamptz NOT NULL DEFAULT now(),
  headers     json,                                              -- the trace, and what else is carried
  value       json        NOT NULL,                              -- json: jsonb refuses \\u0000 and sorts keys
  PRIMARY KEY (topic, id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 2000,
  autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 10000)`,
    `CREATE INDEX message_ready ON ${s}.message (topic, run_at, seq) WHERE state = 'r'`,
    `CREATE INDEX message_running ON ${s}.message (topic) WHERE state = 'x'`,
    `CREATE INDEX message_behind ON ${s}.message (topic) WHERE state = 'b'`,
    `CREATE INDEX message_key ON ${s}.message (topic, key, seq) WHERE key IS NOT NULL`,
    `CREATE TABLE ${s}.dead (
  topic text NOT NULL, id text NOT NULL, key text, attempt int NOT NULL, reason text NOT NULL, error text,
  sent_at timestamptz NOT NULL, dead_at timestamptz NOT NULL DEFAULT clock_timestamp(), headers json, value json NOT NULL,
  PRIMARY KEY (topic, id)
)`,
    // Who of a key is being worked on: one row for each place that is taken.
    `CREATE TABLE ${s}.slot (
  topic text NOT NULL, key text NOT NULL, no int NOT NULL, holder text NOT NULL,
  PRIMARY KEY (topic, key, no)
)`,
    `CREATE TABLE ${s}.schedule (
  topic text NOT NULL, name text NOT NULL, spec text NOT NULL, next_at timestamptz NOT NULL, headers json, value json NOT NULL,
  PRIMARY KEY (topic, name)
)`,
    // When somebody last looked for leases that have ended, of all the workers of a topic.
    `CREATE TABLE ${s}.topic (
  topic text PRIMARY KEY, swept_at timestamptz NOT NULL DEFAULT '-infinity'
) WITH (fillfactor = 50)`,
    `CREATE SEQUENCE ${s}.worker AS int CYCLE`,
    claimKeyed(s, "", ""),
    // Frees the places of messages that are settled, and lets the next of their keys in. Each statement sees what was committed
    // before it: that is why this is no single one.
    `CREATE FUNCTION ${s}.leave(_topic text, _ids text[], _keys text[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE i int;
BEGIN
  FOR i IN 1 .. cardinality(_ids) LOOP
    CONTINUE WHEN _keys[i] IS NULL;
    PERFORM 1 FROM ${s}.slot WHERE topic = _topic AND key = _keys[i] FOR UPDATE;
    DELETE FROM ${s}.slot WHERE topic = _topic AND key = _keys[i] AND holder = _ids[i];
    IF FOUND THEN
      UPDATE ${s}.message SET state = 'r' WHERE topic = _topic AND id =
        (SELECT id FROM ${s}.message WHERE topic = _topic AND key = _keys[i] AND state = 'b'
         ORDER BY run_at, seq LIMIT 1 FOR UPDATE SKIP LOCKED);
    END IF;
  END LOOP;
END $$`,
  ];
}

/**
 * Claims up to _n messages, at most _per of one key at once, everywhere. A message whose key is full is marked, so that the
 * backlog of a busy key is passed over once, and not at every claim.
 */
function claimKeyed(s: string, guard: string, stamp: string): string {
  return `CREATE OR REPLACE FUNCTION ${s}.claim_keyed(_topic text, _n int, _lease_ms float8, _worker int, _per int, _token bigint)
RETURNS SETOF ${s}.message LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE c record; got text[] := '{}'; behind text[] := '{}'; busy int; _now timestamptz;
BEGIN
  ${guard}FOR c IN SELECT id, key, run_at, seq FROM ${s}.message WHERE topic = _topic AND state = 'r' AND run_at <= now()
           ORDER BY run_at, seq LIMIT _n * 8 + 32 FOR UPDATE SKIP LOCKED LOOP
    EXIT WHEN cardinality(got) >= _n;
    IF c.key IS NULL THEN got := got || c.id; CONTINUE; END IF;
    -- Nobody else looks at this key meanwhile; who cannot have it leaves the message for the next look.
    CONTINUE WHEN NOT pg_try_advisory_xact_lock(hashtextextended(_topic || chr(1) || c.key, 60591));
    -- The places must not be freed between our look and our mark, or nobody would wake this message.
    SELECT count(*) INTO busy FROM (SELECT 1 FROM ${s}.slot WHERE topic = _topic AND key = c.key FOR UPDATE SKIP LOCKED) s;
    IF EXISTS (SELECT 1 FROM ${s}.slot WHERE topic = _topic AND key = c.key AND holder = c.id) THEN
      got := got || c.id;                                        -- a retry, which has kept its place
    ELSIF (SELECT count(*) FROM ${s}.slot WHERE topic = _topic AND key = c.key) < _per THEN
      -- Not before those whose turn is earlier: somebody else may have them in hand, or our list is older than their turn.
      CONTINUE WHEN _per = 1 AND EXISTS (SELECT 1 FROM ${s}.message m WHERE m.topic = _topic AND m.key = c.key
        AND (m.run_at, m.seq) < (c.run_at, c.seq) AND m.state IN ('r', 'b'));
      INSERT INTO ${s}.slot SELECT _topic, c.key, g, c.id FROM generate_series(1, _per) g
        WHERE NOT EXISTS (SELECT 1 FROM ${s}.slot WHERE topic = _topic AND key = c.key AND no = g) LIMIT 1;
      got := got || c.id;
    ELSIF busy >= _per THEN
      behind := behind || c.id;
    END IF;
  END LOOP;
  UPDATE ${s}.message SET state = 'b' WHERE topic = _topic AND id = ANY(behind);
  _now := clock_timestamp();
  RETURN QUERY UPDATE ${s}.message m SET state = 'x', attempt = m.attempt + 1, token = _token, worker = _worker,
      lease_until = _now + _lease_ms * interval '1 ms'${stamp}
    WHERE m.topic = _topic AND m.id = ANY(got) RETURNING m.*;
END $$`;
}

/** Claims nothing for who has another limit than those who work on the topic. */
function agreed(s: string): string {
  return `IF EXISTS (SELECT 1 FROM ${s}.topic t WHERE t.topic = _topic AND t.per_key <> _per) THEN RETURN; END IF;\n  `;
}

/** Nobody changes the limit before what is claimed here is there to be seen. */
const unchanged = "PERFORM pg_advisory_xact_lock_shared(hashtextextended(_topic, 60593));\n  ";

/** What all who work on a topic must agree on is written down: two limits for one key would be none. */
function second(s: string): string[] {
  return [
    `ALTER TABLE ${s}.topic ADD COLUMN per_key int`, // of those who work on it; 0 for no limit, NULL if nobody has said
    claimKeyed(s, agreed(s), ""),
    agree(s, ""),
  ];
}

/** Returns the limit that counts: who comes first says it, and others can change it when nothing runs. */
function agree(s: string, wait: string): string {
  return `CREATE OR REPLACE FUNCTION ${s}.agree(_topic text, _per int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE now_is int;
BEGIN
  SELECT per_key INTO now_is FROM ${s}.topic WHERE topic = _topic;
  IF now_is = _per THEN RETURN now_is; END IF;
  ${wait}INSERT INTO ${s}.topic (topic) VALUES (_topic) ON CONFLICT DO NOTHING;
  SELECT per_key INTO now_is FROM ${s}.topic WHERE topic = _topic FOR UPDATE;
  IF now_is IS NOT NULL AND EXISTS (SELECT 1 FROM ${s}.message WHERE topic = _topic AND state = 'x') THEN RETURN now_is; END IF;
  UPDATE ${s}.topic SET per_key = _per WHERE topic = _topic;
  IF _per = 0 THEN
    DELETE FROM ${s}.slot WHERE topic = _topic;
    UPDATE ${s}.message SET state = 'r' WHERE topic = _topic AND state = 'b';
  END IF;
  RETURN _per;
END $$`;
}

/**
 * Of each message it is written down what the clock said when its times were set: what was set by a clock that is put back is
 * found by that, and nothing else is. Sends tell the time of their statement, not that of a transaction which is open for long.
 */
function third(s: string): string[] {
  return [
    `ALTER TABLE ${s}.message ADD COLUMN set_at timestamptz NOT NULL DEFAULT now()`, // when run_at, expires_at and lease_until were set
    claimKeyed(s, agreed(s), `,\n      ${allMoved("_now")}`),
    claim(s, ""),
  ];
}

/**
 * What waits of a key is found in its order, and what a claim with a limit for keys does is planned once for each connection. Workers
 * of earlier versions go on with the functions that they know.
 */
function fourth(s: string): string[] {
  return [
    // First what takes the strongest lock: to ask for it while holding a weaker one is to wait for those who wait for us.
    `DROP INDEX ${s}.message_key`,
    `CREATE INDEX message_turn ON ${s}.message (topic, key, run_at, seq) WHERE key IS NOT NULL AND state IN ('r', 'b')`,
    // Who changes the limit waits for claims that are on their way, of workers of versions 2 and 3 as well.
    agree(s, "PERFORM pg_advisory_xact_lock(hashtextextended(_topic, 60593));\n  "),
    claimKeyed(s, unchanged + agreed(s), `,\n      ${allMoved("_now")}`),
    claim(s, unchanged),
    claimByKey(s),
    // As leave, which it replaces; returns how many were let in.
    `CREATE FUNCTION ${s}.depart(_topic text, _ids text[], _keys text[]) RETURNS int
LANGUAGE plpgsql ${planned} AS $$
DECLARE i int; n int := 0;
BEGIN
  FOR i IN 1 .. cardinality(_ids) LOOP
    CONTINUE WHEN _keys[i] IS NULL;
    PERFORM 1 FROM ${s}.slot WHERE topic = _topic AND key = _keys[i] FOR UPDATE;
    DELETE FROM ${s}.slot WHERE topic = _topic AND key = _keys[i] AND holder = _ids[i];
    IF FOUND THEN
      UPDATE ${s}.message SET state = 'r' WHERE ctid =
        (SELECT ctid FROM ${s}.message WHERE topic = _topic AND key = _keys[i] AND state = 'b'
         ORDER BY run_at, seq LIMIT 1 FOR UPDATE SKIP LOCKED);
      IF FOUND THEN n := n + 1; END IF;
    END IF;
  END LOOP;
  RETURN n;
END $$`,
    `CREATE OR REPLACE FUNCTION ${s}.leave(_topic text, _ids text[], _keys text[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM ${s}.depart(_topic, _ids, _keys);
END $$`,
  ];
}

/** How a function is planned whose statements have one way only, whatever is in the tables: see `claim`. */
const planned = "SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_sort = off SET jit = off";

/** What a claim returns, and how it takes the messages at some places. */
const claimed = `RETURNS TABLE (id text, key text, attempt int, token bigint, value text, headers json, sent_at timestamptz,
  "left" float8, run_at float8, seq bigint, due float8)
LANGUAGE plpgsql ${planned} AS $$
#variable_conflict use_column`;
function take(s: string): string {
  return `_now := clock_timestamp();
  RETURN QUERY UPDATE ${s}.message m SET state = 'x', attempt = m.attempt + 1, token = _token, worker = _worker,
      lease_until = _now + _lease_ms * interval '1 ms', ${allMoved("_now")}
    WHERE m.ctid = ANY(places)
    RETURNING m.id, m.key, m.attempt, m.token, m.value::text, m.headers, m.sent_at,
      extract(epoch FROM m.expires_at - now())::float8 * 1000, extract(epoch FROM m.run_at)::float8, m.seq, NULL::float8`;
}

/**
 * Claims up to _n messages, at most _per of one key at once, everywhere. A message whose key is full is marked, so that the backlog of
 * a busy key is passed over once, and not at every claim. As `claim`, it returns a last row without an id if nobody else could claim
 * more now. That has a seq if it is worth another look: 0 for at once, because there was too much to look at, 1 for soon, because
 * somebody else had a key in hand.
 */
function claimByKey(s: string): string {
  return `CREATE FUNCTION ${s}.claim_by_key(_topic text, _n int, _lease_ms float8, _worker int, _token bigint, _per int)
${claimed}
DECLARE c record; places tid[] := '{}'; behind tid[] := '{}'; got int; seen int := 0; busy int; taken int; mine bool;
  unsure bool := false; next_at timestamptz; _now timestamptz;
BEGIN
  ${unchanged}${agreed(s)}PERFORM set_config('synchronous_commit', 'off', true);
  FOR c IN SELECT m.ctid AS place, m.id, m.key, m.run_at, m.seq FROM ${s}.message m
      WHERE topic = _topic AND state = 'r' AND run_at <= now() ORDER BY run_at, seq LIMIT _n * 8 + 32 LOOP
    EXIT WHEN cardinality(places) >= _n;
    seen := seen + 1;
    -- Nobody else looks at this key meanwhile.
    IF c.key IS NOT NULL AND NOT pg_try_advisory_xact_lock(hashtextextended(_topic || chr(1) || c.key, 60591)) THEN
      unsure := true;
      CONTINUE;
    END IF;
    -- Since the list was made somebody may have taken it.
    PERFORM 1 FROM ${s}.message m WHERE m.ctid = c.place AND m.topic = _topic AND m.id = c.id AND m.state = 'r' FOR UPDATE SKIP LOCKED;
    CONTINUE WHEN NOT FOUND;
    IF c.key IS NULL THEN
      places := places || c.place;
      CONTINUE;
    END IF;
    -- The places must not be freed between our look and our mark, or nobody would wake this message.
    SELECT count(*) INTO busy FROM (SELECT 1 FROM ${s}.slot l WHERE l.topic = _topic AND l.key = c.key FOR UPDATE SKIP LOCKED) l;
    SELECT count(*), coalesce(bool_or(l.holder = c.id), false) INTO taken, mine FROM ${s}.slot l
      WHERE l.topic = _topic AND l.key = c.key;
    IF mine THEN
      places := places || c.place;                                -- a retry, which has kept its place
    ELSIF taken < _per THEN
      -- Not before those whose turn is earlier: our list is older than their turn, or somebody else has them in hand.
      IF _per = 1 AND EXISTS (SELECT 1 FROM ${s}.message m WHERE m.topic = _topic AND m.key = c.key
          AND (m.run_at, m.seq) < (c.run_at, c.seq) AND m.state IN ('r', 'b')) THEN
        unsure := true;
        CONTINUE;
      END IF;
      INSERT INTO ${s}.slot SELECT _topic, c.key, g, c.id FROM generate_series(1, _per) g
        WHERE NOT EXISTS (SELECT 1 FROM ${s}.slot l WHERE l.topic = _topic AND l.key = c.key AND l.no = g) LIMIT 1;
      places := places || c.place;
    ELSIF busy >= _per THEN
      behind := behind || c.place;
    ELSE
      unsure := true;                                             -- somebody is about to free one
    END IF;
  END LOOP;
  UPDATE ${s}.message m SET state = 'b' WHERE m.ctid = ANY(behind);
  got := cardinality(places);
  ${take(s)};
  -- All that we have looked at, and there may be more.
  IF got >= greatest(_n, 9) OR (got BETWEEN 1 AND _n - 1 AND seen >= _n * 8 + 32) THEN RETURN; END IF;
  SELECT run_at INTO next_at FROM ${s}.message WHERE topic = _topic AND state = 'r' AND run_at >
    CASE WHEN got IN (0, _n) THEN '-infinity' ELSE now() END ORDER BY run_at, seq LIMIT 1;
  IF got >= _n AND next_at <= now() THEN RETURN; END IF;
  due := extract(epoch FROM next_at - clock_timestamp())::float8 * 1000;
  seq := CASE WHEN got >= _n THEN NULL WHEN seen >= _n * 8 + 32 THEN 0 WHEN unsure THEN 1 END;
  RETURN NEXT;
END $$`;
}

/**
 * Claims up to _n messages without regard to their keys. If nobody else could claim more now, a last row without an id tells when
 * the next will be due, in milliseconds.
 *
 * To plan these statements takes longer than to run them: that is done once for each connection. What is in the tables then must
 * not matter, so that each of them has one way only: along the index that has the order, and to the places where the rows are. They
 * stay there, because they are locked. By identities there would be several ways.
 */
function claim(s: string, guard: string): string {
  return `CREATE OR REPLACE FUNCTION ${s}.claim(_topic text, _n int, _lease_ms float8, _worker int, _token bigint)
${claimed}
DECLARE places tid[]; got int; next_at timestamptz; _now timestamptz;
BEGIN
  ${guard}-- A claim that a crash of the server forgets was none: it need not be on the disk before it is used.
  PERFORM set_config('synchronous_commit', 'off', true);
  places := ARRAY(SELECT m.ctid FROM ${s}.message m WHERE topic = _topic AND state = 'r' AND run_at <= now()
    AND NOT EXISTS (SELECT 1 FROM ${s}.topic t WHERE t.topic = _topic AND t.per_key <> 0)
    ORDER BY run_at, seq LIMIT _n FOR UPDATE OF m SKIP LOCKED);
  got := cardinality(places);
  ${take(s)};
  -- Of many there may be more, which the next claim finds; of a few it is worth a look whether it would find any.
  IF got >= greatest(_n, 9) THEN RETURN; END IF;
  -- What is due and was not claimed is in the hands of others, unless there was nothing at all or no room for it.
  SELECT run_at INTO next_at FROM ${s}.message WHERE topic = _topic AND state = 'r' AND run_at >
    CASE WHEN got IN (0, _n) THEN '-infinity' ELSE now() END ORDER BY run_at, seq LIMIT 1;
  IF got >= _n AND next_at <= now() THEN RETURN; END IF;
  due := extract(epoch FROM next_at - clock_timestamp())::float8 * 1000;
  RETURN NEXT;
END $$`;
}

/**
 * What a statement that sets some of a message's times says of the others: they move with the clock, if it was put back since
 * they were set. Otherwise they stay what they were, and an extension changes nothing that is in an index. `now` is what the clock
 * has said once in that statement: it may be put back between two looks.
 */
function moved(now: string): string {
  return `expires_at = m.expires_at - ${back(now)}, sent_at = least(m.sent_at, ${now}), set_at = ${now}`;
}

/** The same, where it sets no `run_at`. */
function allMoved(now: string): string {
  return `run_at = m.run_at - ${back(now)}, ${moved(now)}`;
}

/** By how much the clock is behind the one by which a message's times were set. */
function back(now: string): string {
  return `greatest(m.set_at - ${now}, interval '0')`;
}

/** The statements that a session runs, for one schema. */
export type Statements = Readonly<Record<Name, string>>;

type Name =
  | "version"
  | "worker"
  | "notify"
  | "insert"
  | "insertOne"
  | "claim"
  | "claimKeyed"
  | "agree"
  | "phantoms"
  | "extend"
  | "ack"
  | "ackOne"
  | "ackKeyed"
  | "ackFree"
  | "there"
  | "holds"
  | "retry"
  | "giveBack"
  | "bury"
  | "buryExpired"
  | "killWaiting"
  | "cancel"
  | "look"
  | "clockBack"
  | "known"
  | "turn"
  | "orphans"
  | "expired"
  | "again"
  | "freeSlots"
  | "promote"
  | "dueSchedules"
  | "schedules"
  | "reschedule"
  | "tick"
  | "now"
  | "schedule"
  | "unschedule"
  | "counts"
  | "dead"
  | "redrive"
  | "purgeDead"
  | "purgeWaiting"
  | "dropDead";

/** Writes the statements for a schema. */
export function statementsOf(schema: string): Statements {
  const s = quote(schema);
  const patient = `w AS MATERIALIZED (SELECT CASE $8::text WHEN '0' THEN NULL ELSE set_config('lock_timeout', $8, true) END)`;
  const given = (values: string): string => `unnest(${values})`;
  const ours = `m.topic = $1 AND m.id = t.id AND m.token = t.token AND m.state = 'x'`;
  const left = `l AS (SELECT ${s}.depart($1, array_agg(id), array_agg(key)) AS n FROM d WHERE key IS NOT NULL HAVING count(*) > 0)`;
  const kill = (where: string): string => `WITH d AS MATERIALIZED (DELETE FROM ${s}.message m
      USING ${given("$2::text[], $3::bigint[], $5::text[]")} AS t(id, token, error)
      WHERE m.topic = $1 AND m.id = t.id AND ${where} RETURNING m.*, t.error AS last),
    i AS (INSERT INTO ${s}.dead (topic, id, key, attempt, reason, error, sent_at, headers, value)
      SELECT topic, id, key, attempt, coalesce($4, 'canceled: ' || cancel, 'attempts exhausted'), coalesce(last, error), sent_at, headers, value FROM d
      ON CONFLICT (topic, id) DO UPDATE SET key = excluded.key, attempt = excluded.attempt, reason = excluded.reason,
        error = excluded.error, sent_at = excluded.sent_at, dead_at = clock_timestamp(), headers = excluded.headers, value = excluded.value),
    ${left}
    SELECT d.id, d.key FROM d LEFT JOIN l ON true`;
  const look = `c AS MATERIALIZED (SELECT clock_timestamp() AS now)`;
  const locked = `WITH l AS MATERIALIZED (SELECT m.id FROM ${s}.message m
      JOIN ${given("$2::text[], $3::bigint[]")} AS t(id, token) ON ${ours}`;
  return {
    version: `SELECT version, oldest FROM ${s}.version`,
    worker: `SELECT nextval('${s.replaceAll("'", "''")}.worker')::int AS n`,
    notify: `SELECT pg_notify($1, $2)`,
    // A transaction of others that has sent the same identity is waited for, but not for ever: $8 is for how long.
    insert: `WITH ${patient}
      INSERT INTO ${s}.message (topic, id, key, run_at, expires_at, sent_at, set_at, headers, value)
      SELECT $1, id, key, statement_timestamp() + delay * interval '1 ms', statement_timestamp() + expires * interval '1 ms',
        statement_timestamp(), statement_timestamp(), headers, value
      FROM w, ${given("$2::text[], $3::text[], $4::float8[], $5::float8[], $6::json[], $7::json[]")}
        WITH ORDINALITY AS t(id, key, delay, expires, headers, value, no) ORDER BY no
      ON CONFLICT DO NOTHING RETURNING id`,
    // Most are single: to plan a list takes four times as long.
    insertOne: `WITH ${patient}
      INSERT INTO ${s}.message (topic, id, key, run_at, expires_at, sent_at, set_at, headers, value)
      SELECT $1, $2, $3, statement_timestamp() + $4::float8 * interval '1 ms', statement_timestamp() + $5::float8 * interval '1 ms',
        statement_timestamp(), statement_timestamp(), $6::json, $7::json FROM w
      ON CONFLICT DO NOTHING RETURNING id`,
    claim: `SELECT * FROM ${s}.claim($1, $2, $3, $4, $5)`,
    claimKeyed: `SELECT * FROM ${s}.claim_by_key($1, $2, $3, $4, $5, $6)`,
    agree: `SELECT ${s}.agree($1, $2) AS "perKey"`,
    phantoms: `UPDATE ${s}.message SET state = 'r', attempt = attempt - 1, token = NULL, worker = NULL, lease_until = NULL
      WHERE topic = $1 AND state = 'x' AND token = ANY($2::bigint[])`,
    // Rows that an ack in an open transaction holds are passed over: to wait for them would hold up all the others.
    extend: `${locked} FOR UPDATE OF m SKIP LOCKED), ${look},
      u AS (UPDATE ${s}.message m SET lease_until = c.now + $4::float8 * interval '1 ms', worker = $5, ${allMoved("c.now")}
        FROM l, c WHERE m.topic = $1 AND m.id = l.id)
      SELECT m.id, m.token, m.cancel FROM ${s}.message m JOIN ${given("$2::text[], $3::bigint[]")} AS t(id, token) ON ${ours}`,
    ack: `WITH d AS MATERIALIZED (DELETE FROM ${s}.message m USING ${given("$2::text[], $3::bigint[]")} AS t(id, token)
        WHERE ${ours} RETURNING m.id, m.token, m.key),
      ${left}
      SELECT d.id, d.token, l.n FROM d LEFT JOIN l ON true`,
    ackKeyed: `WITH d AS MATERIALIZED (DELETE FROM ${s}.message
        WHERE topic = $1 AND id = $2 AND token = $3 AND state = 'x' RETURNING id, token, key),
      ${left}
      SELECT d.id, d.token, l.n FROM d LEFT JOIN l ON true`,
    // Those that have no key, and leave no place to others.
    ackFree: `DELETE FROM ${s}.message m USING ${given("$2::text[], $3::bigint[]")} AS t(id, token) WHERE ${ours} RETURNING m.id, m.token`,
    ackOne: `DELETE FROM ${s}.message WHERE topic = $1 AND id = $2 AND token = $3 AND state = 'x' RETURNING id, token`,
    there: `SELECT id FROM ${s}.message WHERE topic = $1 AND id = ANY($2::text[])`,
    holds: `SELECT 1 AS one FROM ${s}.message WHERE topic = $1 AND id = $2 AND token = $3 AND state = 'x'`,
    retry: `WITH ${look} UPDATE ${s}.message m SET state = 'r', run_at = c.now + $4::float8 * interval '1 ms', error = $5,
        ${moved("c.now")}, token = NULL, worker = NULL, lease_until = NULL FROM c
      WHERE topic = $1 AND id = $2 AND token = $3 AND state = 'x' AND cancel IS NULL`,
    giveBack: `UPDATE ${s}.message SET state = 'r', attempt = attempt - 1, token = NULL, worker = NULL, lease_until = NULL
      WHERE topic = $1 AND id = $2 AND token = $3 AND state = 'x' AND cancel IS NULL`,
    bury: kill("m.token = t.token AND m.state = 'x'"),
    // Not what a transaction is about to acknowledge.
    buryExpired:
      kill(`m.id IN (SELECT id FROM ${s}.message WHERE topic = $1 AND id = ANY($2::text[]) FOR UPDATE SKIP LOCKED)
        AND m.token = t.token AND m.state = 'x' AND m.lease_until < now()`),
    killWaiting: kill("m.state <> 'x'"),
    // NULL says that somebody has it locked.
    cancel: `WITH l AS MATERIALIZED (SELECT id FROM ${s}.message WHERE topic = $1 AND id = $2 AND state = 'x' FOR UPDATE SKIP LOCKED),
      u AS (UPDATE ${s}.message m SET cancel = coalesce(m.cancel, $3) FROM l WHERE m.topic = $1 AND m.id = l.id RETURNING m.cancel)
      SELECT cancel FROM u UNION ALL SELECT NULL FROM ${s}.message
        WHERE topic = $1 AND id = $2 AND state = 'x' AND NOT EXISTS (SELECT 1 FROM l)`,
    look: `SELECT EXISTS (SELECT 1 FROM ${s}.message WHERE topic = $1 AND state = 'x') AS running,
      $2::bool AND (EXISTS (SELECT 1 FROM ${s}.slot WHERE topic = $1)
        OR EXISTS (SELECT 1 FROM ${s}.message WHERE topic = $1 AND state = 'b')) AS taken,
      (SELECT extract(epoch FROM min(next_at) - clock_timestamp())::float8 * 1000 FROM ${s}.schedule WHERE topic = $1) AS tick,
      (SELECT oldest FROM ${s}.version) AS oldest, (SELECT version FROM ${s}.version) AS version,
      (SELECT per_key FROM ${s}.topic WHERE topic = $1) AS "perKey", extract(epoch FROM clock_timestamp())::float8 * 1000 AS clock`,
    // What was set by a clock that has been put back is set again, as if that had been now: what waits comes after as long a delay,
    // what runs has as long a lease. It is never early, and late by no more than the time that had passed. $2 is how many at once.
    // One session does it at a time, and takes them in their order: they keep it. What somebody has locked is for later. So is
    // what transactions will commit that began before: the last two columns tell when there are none of them left.
    clockBack: `WITH k AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(hashtextextended($1, 60592)) AS mine),
      c AS MATERIALIZED (SELECT clock_timestamp() AS now FROM k WHERE mine),
      a AS MATERIALIZED (${["r", "b", "x"]
        .map(
          (
            state,
          ) => `(SELECT id FROM ${s}.message WHERE topic = $1 AND state = '${state}' AND set_at > now() + interval '1 s'
          ${state === "x" ? "" : "AND run_at > now()"} ORDER BY run_at, seq LIMIT $2 + 1)`,
        )
        .join(" UNION ALL ")}),
      l AS MATERIALIZED (SELECT m.id FROM c, ${s}.message m WHERE m.topic = $1 AND m.id IN (SELECT id FROM a)
        ORDER BY m.run_at, m.seq LIMIT $2 FOR UPDATE OF m SKIP LOCKED),
      u AS (UPDATE ${s}.message m SET ${allMoved("c.now")}, lease_until = m.lease_until - ${back("c.now")}
        FROM c, l WHERE m.topic = $1 AND m.id = l.id RETURNING m.id)
      SELECT (SELECT count(*) FROM u)::int AS n, (SELECT count(*) FROM a) > (SELECT count(*) FROM u) AS more,
        txid_snapshot_xmin(txid_current_snapshot())::float8 AS oldest, txid_snapshot_xmax(txid_current_snapshot())::float8 AS next`,
    known: `INSERT INTO ${s}.topic (topic) VALUES ($1) ON CONFLICT DO NOTHING`,
    turn: `UPDATE ${s}.topic SET swept_at = clock_timestamp()
      WHERE topic = $1 AND (swept_at < clock_timestamp() - $2::float8 * interval '1 ms' OR swept_at > clock_timestamp())`,
    // Whose session is gone has a second left: enough to say that it was only the connection.
    orphans: `WITH l AS MATERIALIZED (SELECT m.id FROM ${s}.message m
        WHERE m.topic = $1 AND m.state = 'x' AND m.worker > 0 AND m.lease_until > now() + interval '1 s' AND NOT EXISTS
          (SELECT 1 FROM pg_locks k WHERE k.locktype = 'advisory' AND k.classid = $2::oid AND k.objid = m.worker::oid AND k.objsubid = 2
            AND k.database = (SELECT oid FROM pg_database WHERE datname = current_database())) FOR UPDATE OF m SKIP LOCKED), ${look}
      UPDATE ${s}.message m SET lease_until = c.now + interval '1 s', ${allMoved("c.now")} FROM l, c WHERE m.topic = $1 AND m.id = l.id`,
    expired: `SELECT id, token, attempt, cancel, extract(epoch FROM lease_until - now())::float8 * 1000 AS left FROM ${s}.message
      WHERE topic = $1 AND state = 'x' ORDER BY lease_until LIMIT 500`,
    again: `${locked} WHERE m.lease_until < now() FOR UPDATE OF m SKIP LOCKED)
      UPDATE ${s}.message m SET state = 'r', error = 'the lease ran out', token = NULL, worker = NULL, lease_until = NULL
        FROM l WHERE m.topic = $1 AND m.id = l.id`,
    freeSlots: `DELETE FROM ${s}.slot s WHERE topic = $1
      AND NOT EXISTS (SELECT 1 FROM ${s}.message m WHERE m.topic = s.topic AND m.id = s.holder)`,
    promote: `UPDATE ${s}.message SET state = 'r' WHERE topic = $1 AND id IN (SELECT DISTINCT ON (key) id FROM ${s}.message b
        WHERE topic = $1 AND state = 'b' AND (SELECT count(*) FROM ${s}.slot s WHERE s.topic = $1 AND s.key = b.key) < $2
          AND NOT EXISTS (SELECT 1 FROM ${s}.message r WHERE r.topic = $1 AND r.key = b.key AND r.state = 'r')
        ORDER BY key, run_at, seq)`,
    dueSchedules: `SELECT name, spec, next_at, clock_timestamp() AS now FROM ${s}.schedule WHERE topic = $1 AND next_at <= clock_timestamp()`,
    schedules: `SELECT name, spec, next_at, clock_timestamp() AS now FROM ${s}.schedule WHERE topic = $1`,
    reschedule: `UPDATE ${s}.schedule SET next_at = $4 WHERE topic = $1 AND name = $2 AND next_at = $3`,
    tick: `WITH p AS (UPDATE ${s}.schedule SET next_at = $4 WHERE topic = $1 AND name = $2 AND next_at = $3 RETURNING headers, value)
      INSERT INTO ${s}.message (topic, id, headers, value) SELECT $1, $5, headers, value FROM p ON CONFLICT DO NOTHING`,
    now: `SELECT clock_timestamp() AS now`,
    schedule: `INSERT INTO ${s}.schedule AS old (topic, name, spec, next_at, headers, value) VALUES ($1, $2, $3, $4, $5::json, $6::json)
      ON CONFLICT (topic, name) DO UPDATE SET spec = excluded.spec, headers = excluded.headers, value = excluded.value,
        next_at = CASE WHEN old.spec = excluded.spec THEN old.next_at ELSE excluded.next_at END`,
    unschedule: `DELETE FROM ${s}.schedule WHERE topic = $1 AND name = $2`,
    counts: `SELECT count(*) FILTER (WHERE state = 'r' AND run_at <= now())::int AS ready,
      count(*) FILTER (WHERE state = 'r' AND run_at > now())::int AS delayed,
      count(*) FILTER (WHERE state = 'b')::int AS behind, count(*) FILTER (WHERE state = 'x')::int AS running,
      (SELECT count(*)::int FROM ${s}.dead WHERE topic = $1) AS dead,
      coalesce(extract(epoch FROM now() - min(run_at) FILTER (WHERE state = 'r' AND run_at <= now()))::float8 * 1000, 0) AS "oldestReady"
      FROM ${s}.message WHERE topic = $1`,
    dead: `SELECT id, key, attempt, reason, error, sent_at, dead_at, value::text AS value FROM ${s}.dead
      WHERE topic = $1 AND ($3::timestamptz IS NULL OR (date_trunc('milliseconds', dead_at), id) < ($3::timestamptz, $4))
      ORDER BY date_trunc('milliseconds', dead_at) DESC, id DESC LIMIT $2`,
    redrive: `WITH d AS (DELETE FROM ${s}.dead d WHERE topic = $1 AND ($2::text IS NULL OR id = $2)
        AND NOT EXISTS (SELECT 1 FROM ${s}.message m WHERE m.topic = d.topic AND m.id = d.id) RETURNING *)
      INSERT INTO ${s}.message (topic, id, key, headers, value) SELECT topic, id, key, headers, value FROM d ORDER BY dead_at`,
    purgeDead: `DELETE FROM ${s}.dead WHERE topic = $1`,
    purgeWaiting: `DELETE FROM ${s}.message WHERE topic = $1 AND state <> 'x'`,
    dropDead: `DELETE FROM ${s}.dead WHERE topic = $1 AND dead_at < clock_timestamp() - $2::float8 * interval '1 ms'`,
  };
}
