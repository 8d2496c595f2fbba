//! What the views of people, groups and the hub show, on both databases.

use super::{account, actor, directory, group, instance, search};
use crate::crypto::keypair::PrivateKey;
use crate::domain::actor::{Actor, ActorKind, Approval};
use crate::domain::block::Distance;
use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, Handle, Ids, InstanceId, LOCAL_INSTANCE, Uri};
use crate::domain::membership::{Among, Ban, FollowState, Role, Standing};
use crate::domain::page::{Page, PageRequest};
use crate::domain::refusal::Kind;
use crate::store::accounts::Account;
use crate::store::follows::Follow;
use crate::store::testing::db_test;
use crate::store::{
    Db, Res, Store, StoreError, accounts, actors, blocks, follows, instances, links, moderation,
    moderators, sessions, tokens,
};

const NOW: Ts = Ts(1_780_315_200_000_000);
const ANNA: ActorId = ActorId(11);
const BERTA: ActorId = ActorId(12);
const TEA: ActorId = ActorId(21);
const AWAY: ActorId = ActorId(31);
const AWAY_PERSON: ActorId = ActorId(32);

fn actor_of(id: ActorId, kind: ActorKind, name: &str, host: &str) -> Actor {
    let local = host == "hub.test";
    let uri = format!("https://{host}/{}/{name}", kind.as_str());
    Actor {
        id,
        url: uri.clone(),
        inbox: format!("{uri}/inbox"),
        uri: Uri::trusted(uri),
        kind,
        name: name.to_owned(),
        host: host.to_owned(),
        instance: if local { LOCAL_INSTANCE } else { InstanceId(1) },
        local,
        title: name.to_owned(),
        summary_html: String::new(),
        summary_source: None,
        icon_url: None,
        image_url: None,
        shared_inbox: None,
        outbox: None,
        followers: None,
        moderators: None,
        featured: None,
        discoverable: true,
        indexable: true,
        manually_approves: false,
        posting_restricted: false,
        followers_count: 0,
        created_at: NOW,
        updated_at: NOW,
        fetched_at: None,
        deleted_at: None,
        approval: Approval::default(),
    }
}

fn account_of(actor: ActorId, standing: Standing) -> Account {
    Account {
        actor,
        email: format!("{actor}@example.test"),
        password_hash: "hash".to_owned(),
        role: Role::Member,
        standing,
        language: Some("de".to_owned()),
        created_at: NOW,
        look: None,
    }
}

/// Anna moderates the group tea and is in it; Berta waits to be let in; two live elsewhere.
fn fill(db: &mut Db) -> Res<()> {
    instances::ensure_local(db, "hub.test", NOW)?;
    instances::ensure(db, "other.test", InstanceId(1), NOW)?;
    for actor in [
        actor_of(ANNA, ActorKind::Person, "anna", "hub.test"),
        actor_of(BERTA, ActorKind::Person, "berta", "hub.test"),
        actor_of(TEA, ActorKind::Group, "tea", "hub.test"),
        actor_of(AWAY, ActorKind::Group, "away", "other.test"),
        actor_of(AWAY_PERSON, ActorKind::Person, "away", "other.test"),
    ] {
        actors::insert(db, &actor)?;
    }
    accounts::insert(db, &account_of(ANNA, Standing::Active))?;
    accounts::insert(db, &account_of(BERTA, Standing::Pending))?;
    moderators::insert(db, TEA, ANNA, NOW)?;
    let follow = Follow {
        target: TEA,
        follower: ANNA,
        state: FollowState::Accepted,
        uri: "https://hub.test/f/1".to_owned(),
        created_at: NOW,
    };
    follows::upsert(db, &follow, LOCAL_INSTANCE, 1)
}

async fn filled(store: &Store) {
    store.write(fill).await.unwrap();
}

async fn read<T: Send + 'static>(
    store: &Store,
    f: impl FnOnce(&mut Db) -> Result<T, StoreError> + Send + 'static,
) -> T {
    store.read(f).await.unwrap()
}

fn member(actor: ActorId) -> Caller {
    let role = Role::Member;
    Caller::Member { actor, role }
}

fn ids(actors: &[Actor]) -> Vec<ActorId> {
    actors.iter().map(|actor| actor.id).collect()
}

db_test!(a_session_or_token_tells_who_calls, |store| {
    filled(&store).await;
    let later = NOW.plus_seconds(100);
    let stored = store.write(move |db| -> Res<()> {
        sessions::insert(db, "anna", ANNA, "", NOW, later)?;
        sessions::insert(db, "berta", BERTA, "", NOW, later)?;
        tokens::insert(db, "reads", ANNA, "read", NOW)?;
        tokens::insert(db, "waits", BERTA, "read write", NOW)
    });
    stored.await.unwrap();
    let session = |hash: &'static str, now| {
        let store = store.clone();
        async move { read(&store, move |db| account::caller_of_session(db, hash, now)).await }
    };
    let signed = session("anna", NOW).await.unwrap();
    assert_eq!((signed.caller, signed.actor.id), (member(ANNA), ANNA));
    assert_eq!(signed.language.as_deref(), Some("de"));
    assert!(signed.scopes.read && signed.scopes.write);
    assert!(!signed.renewable(200, NOW) && signed.renewable(202, NOW));
    assert_eq!(session("anna", later).await, None, "it ended");
    assert_eq!(session("berta", NOW).await, None, "she waits for approval");
    assert_eq!(session("nobody", NOW).await, None);
    let signed = read(&store, |db| account::caller_of_token(db, "reads"))
        .await
        .unwrap();
    assert!(signed.caller == member(ANNA) && signed.scopes.read && !signed.scopes.write);
    assert!(!signed.renewable(200, NOW), "tokens do not end");
    assert_eq!(
        read(&store, |db| account::caller_of_token(db, "waits")).await,
        None
    );
    store
        .write(|db| actors::set_deleted(db, ANNA, NOW))
        .await
        .unwrap();
    assert_eq!(session("anna", NOW).await, None);
    assert_eq!(
        read(&store, |db| account::caller_of_token(db, "reads")).await,
        None
    );
});

db_test!(
    a_group_page_shows_who_runs_it_and_how_one_stands_to_it,
    |store| {
        filled(&store).await;
        let ban = Ban {
            reason: "spam".to_owned(),
            until: None,
        };
        let banned = store.write(move |db| moderation::upsert_ban(db, Some(TEA), BERTA, &ban, NOW));
        banned.await.unwrap();
        let see = |viewer: Caller| {
            let store = store.clone();
            let page = move |db: &mut Db| {
                let tea = actors::find(db, TEA)?.unwrap();
                group::page(db, tea, viewer, NOW)
            };
            async move { read(&store, page).await }
        };
        let page = see(member(ANNA)).await;
        assert_eq!(ids(&page.moderators), [ANNA]);
        assert_eq!(
            (page.member_count, page.membership),
            (1, Some(FollowState::Accepted))
        );
        assert!(page.moderates && page.may_post);
        let page = see(member(BERTA)).await;
        assert_eq!(
            page.relation.ban.map(|ban| ban.reason).as_deref(),
            Some("spam")
        );
        assert!(!page.moderates && !page.may_post);
        let page = see(Caller::Member {
            actor: ActorId(5),
            role: Role::Moderator,
        })
        .await;
        assert!(page.moderates && !page.relation.moderator && page.membership.is_none());
        let page = see(Caller::Visitor).await;
        assert!(!page.moderates && !page.may_post && page.membership.is_none());
    }
);

db_test!(groups_and_people_are_found_by_their_handles, |store| {
    filled(&store).await;
    let group = |text: &str| {
        let (store, handle) = (store.clone(), Handle::parse(text).unwrap());
        async move { store.read(move |db| group::find(db, &handle)).await }
    };
    for (text, id) in [("tea", TEA), ("!Tea", TEA), ("away@other.test", AWAY)] {
        assert_eq!(group(text).await.unwrap().id, id, "{text}");
    }
    for nobody in ["anna", "nobody", "tea@other.test"] {
        assert_eq!(
            group(nobody).await.unwrap_err().kind,
            Kind::NotFound,
            "{nobody}"
        );
    }
    let person = |text: &str| {
        let (store, handle) = (store.clone(), Handle::parse(text).unwrap());
        async move { store.read(move |db| actor::person(db, &handle)).await }
    };
    for (text, id) in [("anna", ANNA), ("away@other.test", AWAY_PERSON)] {
        assert_eq!(person(text).await.unwrap().id, id, "{text}");
    }
    assert_eq!(person("tea").await.unwrap_err().kind, Kind::NotFound);
    for id in [ANNA, TEA] {
        store
            .write(move |db| actors::set_deleted(db, id, NOW))
            .await
            .unwrap();
    }
    assert_eq!(person("anna").await.unwrap_err().kind, Kind::Gone);
    assert_eq!(group("tea").await.unwrap_err().kind, Kind::Gone);
});

db_test!(
    a_profile_counts_and_names_the_groups_one_moderates,
    |store| {
        filled(&store).await;
        let anna = actor_of(ANNA, ActorKind::Person, "anna", "hub.test");
        let profile = read(&store, move |db| actor::profile(db, None, anna)).await;
        assert_eq!((profile.post_count, profile.comment_count), (0, 0));
        assert_eq!(ids(&profile.moderates), [TEA]);
        let groups = read(&store, |db| account::groups_of(db, ANNA, 9)).await;
        assert_eq!(ids(&groups), [TEA]);
    }
);

db_test!(moderators_see_who_waits, |store| {
    filled(&store).await;
    let list = among(&store, Among::Standing(Standing::Pending), "").await;
    let [person] = list.items.as_slice() else {
        panic!("{list:?}")
    };
    assert_eq!(person.actor.id, BERTA);
});

async fn among(store: &Store, among: Among, text: &'static str) -> Page<account::PersonCard> {
    let first = PageRequest::first(10);
    read(store, move |db| account::list(db, among, text, first)).await
}

db_test!(people_are_found_by_name_and_address, |store| {
    filled(&store).await;
    for (row, text, found) in [
        ("everybody", "", vec![BERTA, ANNA]),
        ("a part of the name", "NN", vec![ANNA]),
        ("the address", "20@example", vec![]),
        ("all addresses", "@example.test", vec![BERTA, ANNA]),
        ("no wildcard", "%", vec![]),
        ("no wildcard either", "_", vec![]),
        ("a NUL", "\0anna", vec![ANNA]),
    ] {
        let list = among(&store, Among::Everybody, text).await;
        let ids: Vec<ActorId> = list.items.iter().map(|one| one.actor.id).collect();
        assert_eq!(ids, found, "{row}");
    }
    let nobody = among(&store, Among::Moderators, "").await;
    assert!(nobody.items.is_empty(), "neither has a role");
    let first = PageRequest::first(1);
    let page = move |after| PageRequest { after, ..first };
    let list = move |after| move |db: &mut Db| account::list(db, Among::Everybody, "", page(after));
    let one = read(&store, list(None)).await;
    assert!(one.next.is_some());
    let two = read(&store, list(one.next)).await;
    assert_eq!((two.items[0].actor.id, two.next), (ANNA, None));
});

db_test!(the_directory_has_pages_of_local_groups, |store| {
    filled(&store).await;
    let more = store.write(|db| -> Res<()> {
        actors::insert(
            db,
            &actor_of(ActorId(22), ActorKind::Group, "cake", "hub.test"),
        )?;
        actors::insert(
            db,
            &actor_of(ActorId(23), ActorKind::Group, "milk", "hub.test"),
        )
    });
    more.await.unwrap();
    let first = read(&store, |db| {
        directory::groups(db, None, PageRequest::first(2))
    })
    .await;
    assert_eq!(ids(&first.items), [TEA, ActorId(22)]);
    let rest = PageRequest {
        after: first.next,
        ..PageRequest::first(2)
    };
    let rest = read(&store, move |db| directory::groups(db, None, rest)).await;
    assert_eq!((ids(&rest.items), rest.next), (vec![ActorId(23)], None));
});

db_test!(the_hub_counts_people_who_may_sign_in, |store| {
    filled(&store).await;
    let counts = read(&store, |db| instance::counts(db, NOW)).await;
    assert_eq!(
        (counts.users, counts.active_month, counts.active_half_year),
        (1, 0, 0)
    );
    assert_eq!((counts.posts, counts.comments), (0, 0));
});

async fn faults(store: &Store, host: &'static str, now: Ts) -> Vec<String> {
    read(store, move |db| instance::faults(db, host, now)).await
}

db_test!(faults_of_a_database_are_found, |store| {
    assert_eq!(
        faults(&store, "hub.test", NOW).await,
        [""; 0],
        "an empty one is sound"
    );
    filled(&store).await;
    assert!(!read(&store, |db| instance::is_founded(db, "hub.test")).await);
    let moved = faults(&store, "moved.test", NOW).await;
    assert!(
        moved[0].contains("belongs to the hub hub.test"),
        "{moved:?}"
    );
    let hub = ActorId(Ids::new(0).next(NOW));
    let founded = store.write(move |db| {
        actors::insert(
            db,
            &actor_of(hub, ActorKind::Application, "hub.test", "hub.test"),
        )
    });
    founded.await.unwrap();
    assert!(read(&store, |db| instance::is_founded(db, "hub.test")).await);
    let keyless = faults(&store, "hub.test", NOW).await;
    assert!(keyless[0].contains("key"), "{keyless:?}");
    let private = PrivateKey::generate().unwrap();
    let public = private.public().unwrap().to_der().unwrap();
    let private = private.to_pkcs8().unwrap();
    let keyed = store.write(move |db| {
        actors::insert_key(
            db,
            hub,
            "https://hub.test/#main-key",
            &public,
            &private,
            NOW,
        )
    });
    keyed.await.unwrap();
    assert_eq!(faults(&store, "hub.test", NOW).await, [""; 0]);
    let behind = faults(&store, "hub.test", NOW.plus_seconds(-3600)).await;
    assert!(behind[0].contains("set the clock"), "{behind:?}");
});

/// A person of this name and title.
fn titled(id: i64, name: &str, title: &str, host: &str) -> Actor {
    Actor {
        title: title.to_owned(),
        ..actor_of(ActorId(id), ActorKind::Person, name, host)
    }
}

/// Names of people that anna is offered.
async fn offered(store: &Store, start: &'static str, limit: usize) -> Vec<String> {
    let find = move |db: &mut Db| search::named(db, ANNA, false, start, None, limit);
    let found = read(store, find).await;
    found.into_iter().map(|actor| actor.name).collect()
}

db_test!(
    names_are_offered_by_their_beginning_here_before_elsewhere,
    |store| {
        filled(&store).await;
        let fill = store.write(|db| -> Res<()> {
            for actor in [
                titled(41, "zoe", "Zoë An_der Berg", "hub.test"),
                titled(42, "anton", "The Baker", "hub.test"),
                titled(43, "anyone", "Anyone", "other.test"),
                titled(44, "gone", "Andrea", "hub.test"),
                titled(45, "Anders", "Anders", "other.test"),
                titled(46, "mandy", "Mandy", "other.test"),
            ] {
                actors::insert(db, &actor)?;
            }
            actors::set_deleted(db, ActorId(44), NOW)
        });
        fill.await.unwrap();
        let found = offered(&store, "an", 8).await;
        assert_eq!(found, ["anton", "zoe", "Anders", "anyone"]);
        assert_eq!(
            offered(&store, "AN", 3).await,
            ["anton", "zoe"],
            "of three, one is anna"
        );
        assert_eq!(offered(&store, "bak", 8).await, ["anton"]);
        assert_eq!(
            offered(&store, "an_", 8).await,
            ["zoe"],
            "no letter is a wildcard"
        );
        assert_eq!(offered(&store, "%", 8).await, [""; 0]);
        let groups = read(&store, |db| search::named(db, ANNA, true, "te", None, 8)).await;
        assert_eq!(ids(&groups), [TEA]);
    }
);

db_test!(
    nobody_is_offered_who_does_not_want_to_be_found_or_is_kept_away,
    |store| {
        filled(&store).await;
        let fill = store.write(|db| -> Res<()> {
            let shy = Actor {
                discoverable: false,
                ..titled(41, "annika", "Annika", "hub.test")
            };
            let shy_elsewhere = Actor {
                discoverable: false,
                ..titled(42, "andy", "Andy", "other.test")
            };
            for actor in [shy, shy_elsewhere, titled(43, "anke", "Anke", "hub.test")] {
                actors::insert(db, &actor)?;
            }
            blocks::upsert(db, ANNA, ActorId(43), Distance::Blocked, NOW)
        });
        fill.await.unwrap();
        assert_eq!(offered(&store, "an", 8).await, [""; 0]);
    }
);

db_test!(
    a_viewer_s_accounts_elsewhere_are_known_in_a_group,
    |store| {
        filled(&store).await;
        let find = |proved: bool| {
            let store = store.clone();
            let look = move |db: &mut Db| {
                let proved = if proved {
                    actors::find(db, AWAY_PERSON)?
                } else {
                    None
                };
                group::linked(db, TEA, Some(ANNA), proved)
            };
            async move { ids(&read(&store, look).await) }
        };
        let follow = Follow {
            target: TEA,
            follower: AWAY_PERSON,
            state: FollowState::Accepted,
            uri: "https://other.test/f/1".to_owned(),
            created_at: NOW,
        };
        assert_eq!(find(true).await, [], "it is not in it");
        let join = store.write(move |db| follows::upsert(db, &follow, InstanceId(1), 1));
        join.await.unwrap();
        assert_eq!(find(false).await, [], "it is nobody's");
        assert_eq!(find(true).await, [AWAY_PERSON]);
        let link = store.write(|db| links::insert(db, AWAY_PERSON, ANNA, NOW));
        link.await.unwrap();
        assert_eq!(find(false).await, [AWAY_PERSON]);
    }
);
