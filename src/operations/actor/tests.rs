//! Actors come and go by these rules, on both databases.

use super::*;
use crate::domain::actor::{ActorKind, RemoteKey};
use crate::domain::caller::Caller;
use crate::domain::membership::{FollowState, Role};
use crate::domain::refusal::Kind;
use crate::operations::account::UpdateProfile;
use crate::operations::membership::{JoinGroup, ReceiveFollow};
use crate::operations::trial;
use crate::operations::trial::{
    NOW, actor, admin, document, group, hub, hub_with, keys, member, person, read, refused, remote,
    run, stranger,
};
use crate::settings::Live;
use crate::store::testing::db_test;
use crate::store::{actors, follows, instances, moderators};

db_test!(founding_a_hub_twice_changes_nothing, |store| {
    let operations = hub(store).await;
    let again = run(&operations, Caller::System, FoundHub { keys: keys() }).await;
    let found = actor(&operations, again).await;
    assert_eq!(found.kind, ActorKind::Application);
    assert_eq!(found.name, "hub.test");
    assert_eq!(found.uri.as_str(), "https://hub.test/");
    assert_eq!(found.inbox, "https://hub.test/inbox");
    assert!(found.local && found.followers.is_none());
    let key = read(&operations, move |db| actors::find_key_of(db, again))
        .await
        .unwrap();
    assert_eq!(key.uri, "https://hub.test/#main-key");
    assert_eq!(key.private_der, Some(keys().private_der));
});

db_test!(a_database_does_not_change_its_domain, |store| {
    let mut operations = hub(store).await;
    let mut settings = (*operations.live.get()).clone();
    settings.instance.domain = "moved.test".parse().unwrap();
    operations = crate::operations::Operations::new(
        operations.store.clone(),
        Live::new(settings),
        operations.clock.clone(),
        crate::domain::ids::Ids::new(0),
    );
    let refusal = refused(&operations, Caller::System, FoundHub { keys: keys() }).await;
    assert_eq!(
        (refusal.kind, &*refusal.code),
        (Kind::Conflict, "hub.moved")
    );
    assert!(refusal.sentence.contains("hub.test") && refusal.sentence.contains("moved.test"));
});

db_test!(people_and_groups_get_all_their_addresses, |store| {
    let operations = hub_with(store, |settings| {
        settings.federation.development = true;
        settings.instance.domain = "hub.test:8080".parse().unwrap();
    })
    .await;
    let anna = person(&operations, "anna").await;
    let anna = actor(&operations, anna).await;
    assert_eq!(anna.uri.as_str(), "http://hub.test:8080/u/anna");
    assert_eq!(anna.host, "hub.test:8080");
    assert_eq!(
        anna.outbox.as_deref(),
        Some("http://hub.test:8080/u/anna/outbox")
    );
    assert_eq!(
        anna.followers.as_deref(),
        Some("http://hub.test:8080/u/anna/followers")
    );
    assert_eq!(
        anna.shared_inbox.as_deref(),
        Some("http://hub.test:8080/inbox")
    );
    assert_eq!(anna.moderators, None);
    let tea = group(&operations, "tea", None).await;
    let tea = actor(&operations, tea).await;
    assert_eq!(tea.uri.as_str(), "http://hub.test:8080/c/tea");
    assert_eq!(
        tea.moderators.as_deref(),
        Some("http://hub.test:8080/c/tea/moderators")
    );
    assert_eq!(
        tea.featured.as_deref(),
        Some("http://hub.test:8080/c/tea/featured")
    );
});

db_test!(
    a_known_actor_is_changed_and_keeps_its_row_and_name,
    |store| {
        let operations = hub(store).await;
        let first = remote(&operations, "https://other.test/u/berta", ActorKind::Person).await;
        let mut changed = document("https://other.test/u/berta", ActorKind::Person);
        changed.title = "Berta\0 B.".to_owned();
        changed.icon_url = Some("https://other.test/\0i".to_owned());
        changed.name = "somebody".to_owned();
        let key = RemoteKey {
            uri: "https://other.test/u/berta#k".to_owned(),
            der: vec![1, 2],
        };
        changed.key = Some(key);
        trial::wait(&operations, 60);
        let stored = run(&operations, Caller::System, UpsertActor { remote: changed }).await;
        assert_eq!((stored.id, stored.title.as_str()), (first, "Berta B."));
        assert_eq!(stored.name, "berta");
        assert_eq!(stored.fetched_at, Some(NOW.plus_seconds(60)));
        assert_eq!(actor(&operations, first).await, stored);
        let key = read(&operations, move |db| actors::find_key_of(db, first))
            .await
            .unwrap();
        assert_eq!(key.public_der, [1, 2]);
        let host = read(&operations, |db| instances::find_by_host(db, "other.test"))
            .await
            .unwrap();
        assert_eq!(host.id, stored.instance);
    }
);

db_test!(an_actor_of_this_hub_cannot_come_from_outside, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    for uri in [
        "https://hub.test/u/anna",
        "https://HUB.test/u/anna",
        "https://hub.test/u/new",
    ] {
        let remote = document(uri, ActorKind::Person);
        let refusal = refused(&operations, Caller::System, UpsertActor { remote }).await;
        assert_eq!(refusal.code, "actor.local", "{uri}");
    }
    assert!(actor(&operations, anna).await.local);
});

db_test!(nobody_brings_the_key_of_another_host, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    for uri in [
        "https://hub.test/u/anna#main-key",
        "https://third.test/u/x#k",
        "nonsense",
    ] {
        let mut remote = document("https://other.test/u/berta", ActorKind::Person);
        remote.key = Some(RemoteKey {
            uri: uri.to_owned(),
            der: vec![6],
        });
        let refusal = refused(&operations, Caller::System, UpsertActor { remote }).await;
        assert_eq!(refusal.code, "actor.key", "{uri}");
    }
    let key = read(&operations, move |db| actors::find_key_of(db, anna))
        .await
        .unwrap();
    assert_eq!(key.public_der, keys().public_der);
});

db_test!(r54_who_has_the_name_now_inherits_nothing, |store| {
    let operations = hub(store).await;
    let tea = group(&operations, "tea", None).await;
    let come = async |der: u8| {
        let mut remote = document("https://other.test/u/mia", ActorKind::Person);
        remote.key = Some(RemoteKey {
            uri: "https://other.test/u/mia#main-key".to_owned(),
            der: vec![der],
        });
        run(&operations, Caller::System, UpsertActor { remote })
            .await
            .id
    };
    let mia = come(1).await;
    let follow = ReceiveFollow {
        target: tea,
        uri: "https://other.test/follows/1".to_owned(),
    };
    run(&operations, stranger(mia), follow).await;
    operations
        .store
        .write(move |db| moderators::insert(db, tea, mia, NOW))
        .await
        .unwrap();
    let has = async || {
        let look = read(&operations, move |db| {
            let member = follows::is_follower(db, tea, mia)?;
            Ok((member, moderators::is_moderator(db, tea, mia)?))
        });
        look.await
    };
    for (row, days, der, kept) in [
        ("R-54: a key that is changed within sight", 29, 2, true),
        ("R-54: the same key after a silence", 60, 2, true),
        ("R-54: another key after a silence", 60, 3, false),
    ] {
        trial::wait(&operations, days * 24 * 3600);
        assert_eq!(come(der).await, mia, "{row}");
        assert_eq!(has().await, (kept, kept), "{row}");
    }
});

db_test!(who_is_gone_follows_and_moderates_nothing, |store| {
    let operations = hub(store).await;
    let tea = group(&operations, "tea", None).await;
    let berta = remote(&operations, "https://other.test/u/berta", ActorKind::Person).await;
    let follow = ReceiveFollow {
        target: tea,
        uri: "https://other.test/f/1".to_owned(),
    };
    run(&operations, stranger(berta), follow).await;
    operations
        .store
        .write(move |db| moderators::insert(db, tea, berta, NOW))
        .await
        .unwrap();
    run(
        &operations,
        stranger(berta),
        TombstoneActor { actor: berta },
    )
    .await;
    assert_eq!(actor(&operations, berta).await.deleted_at, Some(NOW));
    assert_eq!(actor(&operations, tea).await.followers_count, 0);
    assert_eq!(
        read(&operations, move |db| follows::list_instances(db, tea)).await,
        []
    );
    assert_eq!(
        read(&operations, move |db| moderators::list(db, tea)).await,
        []
    );
    run(&operations, Caller::System, TombstoneActor { actor: berta }).await;
});

db_test!(members_of_a_group_that_is_gone_are_no_members, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    let away = remote(&operations, "https://other.test/c/away", ActorKind::Group).await;
    let state = run(&operations, member(anna), JoinGroup { group: away }).await;
    assert_eq!(state, FollowState::Pending);
    run(&operations, Caller::System, TombstoneActor { actor: away }).await;
    assert_eq!(
        read(&operations, move |db| follows::find(db, away, anna)).await,
        None
    );
});

db_test!(only_an_actor_itself_says_that_it_is_gone, |store| {
    let operations = hub(store).await;
    let anna = trial::person_with(&operations, "anna", Role::Admin).await;
    let berta = remote(&operations, "https://other.test/u/berta", ActorKind::Person).await;
    let clara = remote(&operations, "https://other.test/u/clara", ActorKind::Person).await;
    for caller in [stranger(clara), member(anna), admin(anna), Caller::Visitor] {
        let refusal = refused(&operations, caller, TombstoneActor { actor: berta }).await;
        assert_eq!(refusal.code, "actor.not_yours");
    }
    let refusal = refused(&operations, Caller::System, TombstoneActor { actor: anna }).await;
    assert_eq!(refusal.code, "actor.not_yours");
    let nobody = TombstoneActor {
        actor: crate::domain::ids::ActorId(5),
    };
    assert_eq!(
        refused(&operations, Caller::System, nobody).await.kind,
        Kind::NotFound
    );
});

db_test!(
    s181_a_name_that_looks_like_another_gives_way_to_the_handle,
    |store| {
        let operations = hub(store).await;
        person(&operations, "coco").await;
        let dora = person(&operations, "dora").await;
        for (title, shown) in [
            ("coco", "coco"),
            ("C\u{f4}c\u{f4}", "C\u{f4}c\u{f4}"),
            ("\u{441}\u{43e}\u{441}\u{43e}", "berta@other.test"),
            ("\u{441}oco", "berta@other.test"),
            ("\u{430}dmin of the hub", "berta@other.test"),
            (
                "\u{410}\u{43d}\u{43d}\u{430}",
                "\u{410}\u{43d}\u{43d}\u{430}",
            ),
        ] {
            let mut remote = document("https://other.test/u/berta", ActorKind::Person);
            remote.title = title.to_owned();
            let stored = run(&operations, Caller::System, UpsertActor { remote }).await;
            assert_eq!(stored.title, shown, "{title}");
        }
        for title in ["\u{441}\u{43e}\u{441}\u{43e}", "\u{441}oco"] {
            let update = UpdateProfile {
                actor: dora,
                title: Some(title.to_owned()),
                bio: None,
                discoverable: None,
                indexable: None,
                automatic: None,
            };
            let refusal = refused(&operations, member(dora), update).await;
            assert_eq!(refusal.code, "name.imitation", "{title}");
        }
    }
);
