//! Groups are founded and changed by these rules, on both databases.

use super::*;
use crate::domain::activity::Activity;
use crate::domain::actor::ActorKind;
use crate::domain::caller::Caller;
use crate::domain::ids::ActorId;
use crate::domain::membership::Role;
use crate::domain::refusal::Kind;
use crate::operations::account::{Application, Register};
use crate::operations::trial::{
    actor, group, hub, hub_with, keys, member, person, read, refused, remote, run, stranger, told,
};
use crate::settings::Founders;
use crate::store::testing::db_test;
use crate::store::{actors, follows, moderators};

fn create(name: &str) -> CreateGroup {
    CreateGroup {
        name: name.to_owned(),
        title: "Tea  and\u{202e} cake".to_owned(),
        summary: "All *about* tea".to_owned(),
        owner: None,
        posting_restricted: false,
        private: false,
        keys: keys(),
    }
}

fn update(group: ActorId) -> UpdateGroup {
    UpdateGroup {
        group,
        title: None,
        summary: None,
        posting_restricted: None,
        discoverable: None,
        approval: None,
    }
}

db_test!(the_founder_is_the_first_member_and_moderator, |store| {
    let operations = hub_with(store, |settings| {
        settings.groups.founders = Founders::Members;
    })
    .await;
    let anna = person(&operations, "anna").await;
    let tea = run(&operations, member(anna), create("tea")).await;
    let stored = actor(&operations, tea).await;
    assert_eq!(stored.kind, ActorKind::Group);
    assert_eq!(stored.title, "Tea and cake");
    assert_eq!(stored.summary_html.trim(), "<p>All <em>about</em> tea</p>");
    assert_eq!(stored.summary_source.as_deref(), Some("All *about* tea"));
    assert_eq!(stored.followers_count, 1);
    assert!(
        read(&operations, move |db| moderators::is_moderator(
            db, tea, anna
        ))
        .await
    );
    assert!(read(&operations, move |db| follows::is_follower(db, tea, anna)).await);
    let key = read(&operations, move |db| actors::find_key_of(db, tea))
        .await
        .unwrap();
    assert_eq!(key.uri, "https://hub.test/c/tea#main-key");
});

db_test!(the_setting_says_who_founds_groups, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    let role = |role| Caller::Member { actor: anna, role };
    for (founders, may, may_not) in [
        (Founders::Admins, Role::Admin, Some(Role::Moderator)),
        (Founders::Moderators, Role::Moderator, Some(Role::Member)),
        (Founders::Members, Role::Member, None),
    ] {
        let mut settings = (*operations.live.get()).clone();
        settings.groups.founders = founders;
        operations.live.reload(settings).unwrap();
        let name = format!("group_{founders:?}").to_ascii_lowercase();
        if let Some(may_not) = may_not {
            let refusal = refused(&operations, role(may_not), create(&name)).await;
            assert_eq!(refusal.code, "group.founders", "{founders:?}");
        }
        run(&operations, role(may), create(&name)).await;
    }
    let refusal = refused(&operations, Caller::Visitor, create("tea")).await;
    assert_eq!(refusal.kind, Kind::Unauthenticated);
    let refusal = refused(&operations, stranger(anna), create("tea")).await;
    assert_eq!(refusal.code, "group.founders");
});

db_test!(
    only_admins_found_groups_for_others_and_only_for_people_here,
    |store| {
        let operations = hub_with(store, |settings| {
            settings.groups.founders = Founders::Members;
        })
        .await;
        let anna = person(&operations, "anna").await;
        let berta = person(&operations, "berta").await;
        let for_berta = CreateGroup {
            owner: Some(berta),
            ..create("tea")
        };
        let refusal = refused(&operations, member(anna), for_berta).await;
        assert_eq!(refusal.code, "group.owner");
        let tea = group(&operations, "tea", Some(berta)).await;
        assert!(
            read(&operations, move |db| moderators::is_moderator(
                db, tea, berta
            ))
            .await
        );
        let clara = remote(&operations, "https://other.test/u/clara", ActorKind::Person).await;
        for owner in [clara, tea, ActorId(5)] {
            let create = CreateGroup {
                owner: Some(owner),
                ..create("cake")
            };
            let refusal = refused(&operations, Caller::System, create).await;
            assert_eq!(refusal.code, "group.owner_unknown");
            assert_eq!(refusal.fields[0].name, "owner");
        }
    }
);

db_test!(s004_people_and_groups_share_one_space_of_names, |store| {
    let operations = hub(store).await;
    person(&operations, "anna").await;
    group(&operations, "tea", None).await;
    for name in [
        "tea",
        "inbox",
        "api",
        "activities",
        "c",
        "u",
        "hub.test",
        "Tea",
    ] {
        let register = Register {
            name: name.to_owned(),
            email: "berta@example.test".to_owned(),
            password_hash: "hash".to_owned(),
            role: None,
            language: None,
            application: Application::default(),
            keys: keys(),
        };
        let refusal = refused(&operations, Caller::Visitor, register).await;
        assert!(
            refusal.code.starts_with("name."),
            "{name}: {}",
            refusal.code
        );
    }
    for (name, code) in [
        ("anna", "name.taken"),
        ("tea", "name.taken"),
        ("Anna", "name.malformed"),
        ("admin", "name.reserved"),
        ("inbox", "name.reserved"),
        ("api", "name.reserved"),
        ("activities", "name.reserved"),
        ("c", "name.malformed"),
        ("u", "name.malformed"),
        ("hub.test", "name.malformed"),
        ("Tea", "name.malformed"),
        ("te", "name.malformed"),
        ("t\u{e4}a", "name.malformed"),
        ("tea/x", "name.malformed"),
    ] {
        let refusal = refused(&operations, Caller::System, create(name)).await;
        assert_eq!(refusal.code, code, "{name}");
        assert_eq!(
            (refusal.kind, refusal.fields[0].name),
            (Kind::Invalid, "name")
        );
    }
});

fn rename(group: ActorId, name: &str) -> RenameGroup {
    RenameGroup {
        group,
        name: name.to_owned(),
    }
}

db_test!(s005_a_group_takes_another_name_and_keeps_its_id, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    let tea = group(&operations, "tea", Some(anna)).await;
    let cups = group(&operations, "cups", None).await;
    told(&operations).await;
    let before = actor(&operations, tea).await;
    run(&operations, Caller::System, rename(tea, "drinks")).await;
    run(&operations, Caller::System, rename(tea, "drinks")).await;
    let after = actor(&operations, tea).await;
    assert_eq!((after.name.as_str(), &after.uri), ("drinks", &before.uri));
    assert_eq!(after.url, "https://hub.test/c/drinks");
    let told = told(&operations).await;
    assert_eq!(told.len(), 1, "what changes nothing is no news");
    assert_eq!(told[0].0.activity, Activity::ProfileUpdated { actor: tea });
    for name in ["tea", "TEA", "drinks"] {
        let found = read(&operations, move |db| actors::find_local(db, name)).await;
        assert_eq!(found.map(|actor| actor.id), Some(tea), "{name}");
    }
    for (by, operation, code) in [
        (Caller::System, rename(cups, "tea"), "name.taken"),
        (Caller::System, rename(cups, "drinks"), "name.taken"),
        (Caller::System, rename(cups, "admin"), "name.reserved"),
        (Caller::System, rename(cups, "Cups"), "name.malformed"),
        (Caller::System, rename(anna, "berta"), "group.not_found"),
        (member(anna), rename(tea, "mine"), "moderator.required"),
    ] {
        let refusal = refused(&operations, by, operation).await;
        assert_eq!(refusal.code, code);
    }
    assert_eq!(
        refused(&operations, Caller::System, create("tea"))
            .await
            .code,
        "name.taken"
    );
    run(&operations, Caller::System, rename(tea, "tea")).await;
    assert_eq!(
        actor(&operations, tea).await.name,
        "tea",
        "its own name comes back"
    );
    let away = remote(&operations, "https://other.test/c/away", ActorKind::Group).await;
    let refusal = refused(&operations, Caller::System, rename(away, "here")).await;
    assert_eq!(refusal.code, "group.remote");
});

db_test!(texts_of_a_group_are_bounded, |store| {
    let operations = hub(store).await;
    let tea = group(&operations, "tea", None).await;
    let long = "x".repeat(20_000);
    for title in ["", " \u{202e} ", long.as_str()] {
        let create = CreateGroup {
            title: title.to_owned(),
            ..create("cake")
        };
        let refusal = refused(&operations, Caller::System, create).await;
        assert_eq!(refusal.fields[0].name, "title");
        let update = UpdateGroup {
            title: Some(title.to_owned()),
            ..update(tea)
        };
        let refusal = refused(&operations, Caller::System, update).await;
        assert_eq!(refusal.fields[0].name, "title");
    }
    let update = UpdateGroup {
        summary: Some(long.clone()),
        ..update(tea)
    };
    assert_eq!(
        refused(&operations, Caller::System, update).await.fields[0].name,
        "summary"
    );
    let create = CreateGroup {
        summary: long,
        ..create("cake")
    };
    assert_eq!(
        refused(&operations, Caller::System, create).await.fields[0].name,
        "summary"
    );
});

db_test!(
    moderators_change_a_group_and_its_followers_hear_of_it,
    |store| {
        let operations = hub(store).await;
        let anna = person(&operations, "anna").await;
        let tea = group(&operations, "tea", Some(anna)).await;
        told(&operations).await;
        let change = UpdateGroup {
            title: Some("Tea!".to_owned()),
            summary: Some(String::new()),
            posting_restricted: Some(true),
            ..update(tea)
        };
        run(&operations, member(anna), change.clone()).await;
        run(&operations, member(anna), change).await;
        let stored = actor(&operations, tea).await;
        assert_eq!(
            (stored.title.as_str(), stored.posting_restricted),
            ("Tea!", true)
        );
        assert_eq!(
            (stored.summary_html.as_str(), stored.summary_source),
            ("", None)
        );
        let told = told(&operations).await;
        assert_eq!(told.len(), 1, "what changes nothing is no news");
        assert_eq!((told[0].0.by, told[0].0.group), (tea, Some(tea)));
        assert_eq!(told[0].0.activity, Activity::ProfileUpdated { actor: tea });
    }
);

db_test!(others_change_no_group, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    let tea = group(&operations, "tea", None).await;
    let away = remote(&operations, "https://other.test/c/away", ActorKind::Group).await;
    let change = |group| UpdateGroup {
        title: Some("Mine".to_owned()),
        ..update(group)
    };
    let refusal = refused(&operations, member(anna), change(tea)).await;
    assert_eq!(refusal.code, "moderator.required");
    let refusal = refused(&operations, Caller::Visitor, change(tea)).await;
    assert_eq!(refusal.kind, Kind::Unauthenticated);
    let refusal = refused(&operations, Caller::System, change(away)).await;
    assert_eq!(refusal.code, "group.remote");
    let refusal = refused(&operations, Caller::System, change(anna)).await;
    assert_eq!(refusal.kind, Kind::NotFound);
    assert_eq!(actor(&operations, tea).await.title, "tea");
});
