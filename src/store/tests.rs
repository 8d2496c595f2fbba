//! What the store promises on both databases: equal schemas, atomic writes, honest refusals.

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use super::testing::{self, db_test};
use super::{Db, Options, Store, StoreError};
use crate::domain::clock::Ts;
use crate::domain::ids::InstanceId;
use crate::store::instances;

#[derive(QueryableByName, Debug, PartialEq, Eq)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    required: bool,
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
}

fn columns(db: &mut Db) -> BTreeMap<String, Vec<(String, String, bool)>> {
    let sqlite = "SELECT m.name AS table_name, c.name AS name, upper(c.type) AS kind, \
         c.\"notnull\" = 1 AS required FROM sqlite_master m, pragma_table_info(m.name) c \
         WHERE m.type = 'table' AND m.name NOT LIKE 'search_index%' \
         AND m.name NOT LIKE 'sqlite_%' AND m.name <> '__diesel_schema_migrations' \
         ORDER BY m.name, c.cid";
    let postgres = "SELECT table_name::text AS table_name, column_name::text AS name, \
         CASE data_type WHEN 'bytea' THEN 'BLOB' WHEN 'double precision' THEN 'DOUBLE' \
         ELSE upper(data_type) END AS kind, is_nullable = 'NO' AS required \
         FROM information_schema.columns WHERE table_schema = 'public' \
         AND NOT (table_name = 'search_texts' AND column_name = 'words') \
         AND table_name <> '__diesel_schema_migrations' ORDER BY table_name, ordinal_position";
    let found: Vec<Column> = match db {
        Db::Sqlite(c) => diesel::sql_query(sqlite).load(c).unwrap(),
        Db::Pg(c) => diesel::sql_query(postgres).load(c).unwrap(),
    };
    let mut tables: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for column in found {
        let entry = (column.name, column.kind, column.required);
        tables.entry(column.table_name).or_default().push(entry);
    }
    tables
}

fn indexes(db: &mut Db) -> Vec<String> {
    let found: Vec<Named> = match db {
        Db::Sqlite(c) => diesel::sql_query(
            "SELECT name FROM sqlite_master WHERE type = 'index' AND name LIKE 'ix!_!_%' ESCAPE '!' \
             ORDER BY name",
        )
        .load(c)
        .unwrap(),
        Db::Pg(c) => diesel::sql_query(
            "SELECT indexname::text AS name FROM pg_indexes WHERE indexname LIKE 'ix!_!_%' ESCAPE '!' \
             AND indexname <> 'ix__search_texts__words' ORDER BY indexname COLLATE \"C\"",
        )
        .load(c)
        .unwrap(),
    };
    found.into_iter().map(|index| index.name).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn both_databases_have_the_same_tables_and_indexes() {
    let Some(postgres) = testing::postgres() else {
        return;
    };
    let sqlite = testing::sqlite();
    let read = |store: Store| async move {
        store
            .read(|db| Ok::<_, StoreError>((columns(db), indexes(db))))
            .await
            .unwrap()
    };
    let (left, right) = (
        read(sqlite.store.clone()).await,
        read(postgres.store.clone()).await,
    );
    assert!(left.0.len() > 20, "the tables were found");
    assert_eq!(left, right);
}

db_test!(every_table_is_as_the_code_sees_it, |store| {
    macro_rules! each {
        ($db:ident, $($table:ident),* $(,)?) => {$(
            on_db!(&mut *$db, |c| {
                super::super::schema::$table::table
                    .select(super::super::schema::$table::all_columns)
                    .limit(0)
                    .execute(c)
            })?;
        )*};
    }
    use super::super::dialect::on_db;
    store
        .read(|db| {
            each!(
                db,
                absences,
                accounts,
                block_lists,
                flag_objects,
                host_rules,
                actors,
                attendees,
                bans,
                comments,
                confirmations,
                conversation_members,
                conversations,
                cursors,
                dead_letters,
                events,
                flags,
                follower_instances,
                follows,
                hashtags,
                inbox,
                instances,
                keys,
                links,
                mentions,
                messages,
                moderation_log,
                moderators,
                notices,
                outbox,
                outbox_targets,
                poll_choices,
                poll_votes,
                polls,
                posts,
                reactions,
                remote_apps,
                search_texts,
                seen,
                sessions,
                tokens,
                votes,
            );
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
});

db_test!(
    a_failed_or_panicking_write_leaves_nothing_and_harms_no_other,
    |store| {
        let mut jobs = tokio::task::JoinSet::new();
        for n in 0..200_i64 {
            let store = store.clone();
            jobs.spawn(async move {
                store
                    .write(move |db| {
                        // Every fourth breaks a rule after writing, every tenth panics.
                        let host = format!("host-{n}.test");
                        instances::ensure(db, &host, InstanceId(n + 1), Ts(1))?;
                        assert!(n % 10 != 3, "a bug");
                        if n % 4 == 0 {
                            return Err(StoreError::Unique("uq__test".into()));
                        }
                        Ok(())
                    })
                    .await
            });
        }
        let results = jobs.join_all().await;
        let done = results.iter().filter(|result| result.is_ok()).count();
        let panicked = results
            .iter()
            .filter(|result| matches!(result, Err(StoreError::Panic)))
            .count();
        assert_eq!((done, panicked), (130, 20));
        let kept = store
            .read(|db| instances::list_after(db, InstanceId(0), 500))
            .await
            .unwrap();
        assert_eq!(kept.len(), 130);
    }
);

db_test!(reading_cannot_write, |store| {
    let result = store
        .read(|db| instances::ensure(db, "sneaky.test", InstanceId(7), Ts(1)))
        .await;
    assert!(matches!(result, Err(StoreError::Database(_))), "{result:?}");
});

db_test!(broken_rules_are_named_alike, |store| {
    let insert = |db: &mut Db, id: i64| {
        use super::super::schema::instances::dsl as i;
        let row = (
            i::id.eq(id),
            i::host.eq("twice.test"),
            i::created_at.eq(0_i64),
        );
        diesel::insert_into(i::instances)
            .values(row)
            .execute(db)
            .map_err(StoreError::from)
    };
    store.write(move |db| insert(db, 1)).await.unwrap();
    let result = store.write(move |db| insert(db, 2)).await;
    let Err(StoreError::Unique(rule)) = result else {
        panic!("{result:?}")
    };
    assert_eq!(rule, "uq__instances__host");
});

db_test!(
    a_schema_from_the_future_is_refused_with_a_sentence,
    |store| {
        store
            .write(|db| {
                db.batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')")
                    .map_err(StoreError::from)
            })
            .await
            .unwrap();
        let opened = Store::open(store.address(), &Options::default(), true);
        let Err(StoreError::Schema(sentence)) = opened.map(drop) else {
            panic!("it was opened")
        };
        assert!(sentence.contains("newer Guildhall"), "{sentence}");
    }
);
