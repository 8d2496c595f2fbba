//! People join, sign in, change and leave by these rules, on both databases.

use super::departure::AskToLeave;
use super::*;
use crate::crypto::token::hash_hex;
use crate::domain::activity::Activity;
use crate::domain::actor::ActorKind;
use crate::domain::caller::Viewer;
use crate::domain::clock::Ts;
use crate::domain::flag::Lines;
use crate::domain::look::Look;
use crate::domain::membership::{FollowState, Role, Standing};
use crate::domain::news::{ByMail, Topic};
use crate::domain::notice::NoticeKind;
use crate::domain::page::PageRequest;
use crate::operations::Operations;
use crate::operations::membership::JoinGroup;
use crate::operations::testing::text_post;
use crate::operations::trial::{
    NOW, actor, admin, group, hub, hub_with, keys, member, person, person_with, read, refused,
    remote, run, stranger, told, wait,
};
use crate::settings::{DeletedAccounts, Registration, Secret};
use crate::store::testing::db_test;
use crate::store::tokens::Token;
use crate::store::{actors, follows, moderation, posts, sessions, tokens};
use crate::views::{news, notice};

const PASSWORD: &str = "correct horse battery staple";

fn joining(name: &str) -> Register {
    Register {
        name: name.to_owned(),
        email: format!("{name}@Example.test"),
        password_hash: "hash".to_owned(),
        role: None,
        language: Some("de".to_owned()),
        application: Application::default(),
        keys: keys(),
    }
}

fn moderator(actor: ActorId) -> Caller {
    Caller::Member {
        actor,
        role: Role::Moderator,
    }
}

/// Somebody with a real password; only where it is checked, since hashing takes its time.
async fn with_password(operations: &Operations, name: &str) -> ActorId {
    let anna = person(operations, name).await;
    let new_hash = operations
        .passwords
        .hash(PASSWORD, &operations.live.get())
        .await
        .unwrap();
    run(
        operations,
        Caller::System,
        SetPassword {
            actor: anna,
            new_hash,
        },
    )
    .await;
    anna
}

async fn signed_in(operations: &Operations, token: &str) -> bool {
    let (hash, now) = (hash_hex(token), operations.now());
    let found = read(operations, move |db| sessions::find(db, &hash, now)).await;
    found.is_some_and(|session| session.account.standing == Standing::Active)
}

/// The token, if it opens anything.
async fn valid(operations: &Operations, token: &str) -> Option<Token> {
    let hash = hash_hex(token);
    let found = read(operations, move |db| tokens::find(db, &hash)).await;
    found.filter(|token| token.account.standing == Standing::Active)
}

/// A session without a password: the hash of `person` is known.
async fn session(operations: &Operations, actor: ActorId, token: &str) {
    let open = OpenSession {
        actor,
        token_hash: hash_hex(token),
        password_hash: "hash".to_owned(),
        device: String::new(),
    };
    run(operations, Caller::Visitor, open).await;
}

db_test!(an_open_hub_lets_everybody_in_at_once, |store| {
    let operations = hub(store).await;
    let joined = run(&operations, Caller::Visitor, joining("anna")).await;
    assert_eq!(joined.standing, Standing::Active);
    let account = read(&operations, move |db| accounts::find(db, joined.actor))
        .await
        .unwrap();
    assert_eq!(account.email, "anna@example.test");
    assert_eq!((account.role, account.created_at), (Role::Member, NOW));
    assert_eq!(account.language.as_deref(), Some("de"));
    let anna = actor(&operations, joined.actor).await;
    assert_eq!(
        (anna.kind, anna.title.as_str()),
        (ActorKind::Person, "anna")
    );
    let key = read(&operations, move |db| actors::find_key_of(db, joined.actor))
        .await
        .unwrap();
    assert_eq!(key.uri, "https://hub.test/u/anna#main-key");
});

db_test!(r52_an_open_hub_that_nobody_looks_after_lets_wait, |store| {
    let operations = hub(store).await;
    let ada = person_with(&operations, "ada", Role::Admin).await;
    let join = async |name: &str| {
        let joined = run(&operations, Caller::Visitor, joining(name)).await;
        joined.standing
    };
    wait(&operations, 6 * 24 * 3600);
    assert_eq!(join("anna").await, Standing::Active, "R-52");
    wait(&operations, 2 * 24 * 3600);
    assert_eq!(join("ben").await, Standing::Pending, "R-52: eight days");
    session(&operations, ada, "back").await;
    assert_eq!(join("carl").await, Standing::Active, "R-52: she is back");
});

db_test!(a_closed_hub_takes_whom_its_admins_bring, |store| {
    let operations = hub_with(store, |settings| {
        settings.accounts.registration = Registration::Closed;
    })
    .await;
    let refusal = refused(&operations, Caller::Visitor, joining("anna")).await;
    assert_eq!(refusal.code, "register.closed");
    let joined = run(&operations, Caller::System, joining("anna")).await;
    assert_eq!(joined.standing, Standing::Active);
    let refusal = refused(&operations, member(joined.actor), joining("berta")).await;
    assert_eq!(refusal.code, "register.signed_in");
    run(&operations, admin(joined.actor), joining("berta")).await;
});

db_test!(
    where_approval_is_needed_nobody_signs_in_before_it,
    |store| {
        let operations = hub_with(store, |settings| {
            settings.accounts.registration = Registration::Approval;
        })
        .await;
        let anna = person_with(&operations, "anna", Role::Moderator).await;
        let joined = run(&operations, Caller::Visitor, joining("berta")).await;
        assert_eq!(joined.standing, Standing::Pending);
        let first = PageRequest::first(9);
        let told = read(&operations, move |db| notice::page(db, anna, None, first)).await;
        let told: Vec<_> = told
            .items
            .iter()
            .map(|card| (card.notice.kind, card.by.id))
            .collect();
        assert_eq!(told, [(NoticeKind::SignedUp, joined.actor)]);
        let soon = operations.now().plus_seconds(60);
        let batch = read(&operations, move |db| news::since(db, 0, soon)).await;
        assert_eq!(batch.parcels.len(), 1, "moderators alone hear of it");
        let item = &batch.parcels[0].news[0];
        assert_eq!(batch.parcels[0].to, anna);
        assert_eq!(
            (item.topic, &*item.path),
            (Topic::Moderation, "/mod?kind=sign_up")
        );
        assert_eq!(item.topic.usual().mail, ByMail::AtOnce);
        let open = |token: &str| OpenSession {
            actor: joined.actor,
            token_hash: hash_hex(token),
            password_hash: "hash".to_owned(),
            device: String::new(),
        };
        let refusal = refused(&operations, Caller::Visitor, open("t")).await;
        assert_eq!(refusal.code, "account.pending");
        let token = CreateToken {
            actor: joined.actor,
            token_hash: "h".to_owned(),
            scopes: String::new(),
        };
        let refusal = refused(&operations, Caller::System, token).await;
        assert_eq!(refusal.code, "account.inactive");
        let approve = || Approve {
            actor: joined.actor,
        };
        let refusal = refused(&operations, member(joined.actor), approve()).await;
        assert_eq!(refusal.code, "moderator.required");
        let refusal = refused(&operations, Caller::Visitor, approve()).await;
        assert_eq!(refusal.kind, Kind::Unauthenticated);
        run(&operations, moderator(anna), approve()).await;
        run(&operations, moderator(anna), approve()).await;
        run(&operations, Caller::Visitor, open("t")).await;
        assert!(signed_in(&operations, "t").await);
    }
);

db_test!(names_and_addresses_are_unique, |store| {
    let operations = hub(store).await;
    run(&operations, Caller::Visitor, joining("anna")).await;
    group(&operations, "tea", None).await;
    let named = |name: &str| Register {
        email: "new@x.test".to_owned(),
        ..joining(name)
    };
    for (name, code) in [
        ("anna", "name.taken"),
        ("tea", "name.taken"),
        ("Anna", "name.malformed"),
        ("root", "name.reserved"),
    ] {
        let refusal = refused(&operations, Caller::Visitor, named(name)).await;
        assert_eq!(
            (&*refusal.code, refusal.fields[0].name),
            (code, "name"),
            "{name}"
        );
    }
    let mailed = |email: &str| Register {
        email: email.to_owned(),
        ..joining("berta")
    };
    for (email, code) in [
        ("anna@example.test", "email.taken"),
        (" ANNA@example.TEST", "email.taken"),
        ("anna", "email.malformed"),
    ] {
        let refusal = refused(&operations, Caller::Visitor, mailed(email)).await;
        assert_eq!(
            (&*refusal.code, refusal.fields[0].name),
            (code, "email"),
            "{email}"
        );
    }
    let gone = read(&operations, |db| actors::find_local(db, "berta")).await;
    assert_eq!(gone, None, "nothing is kept of who was refused");
});

db_test!(nobody_makes_themselves_an_admin, |store| {
    let operations = hub(store).await;
    let role = |role| Register {
        role: Some(role),
        ..joining("anna")
    };
    for wanted in [Role::Admin, Role::Moderator] {
        let refusal = refused(&operations, Caller::Visitor, role(wanted)).await;
        assert_eq!(refusal.code, "role.admin");
    }
    let anna = run(&operations, Caller::Visitor, role(Role::Member))
        .await
        .actor;
    let set = |actor| SetRole {
        actor,
        role: Role::Admin,
    };
    for caller in [member(anna), moderator(anna)] {
        assert_eq!(
            refused(&operations, caller, set(anna)).await.code,
            "admin.required"
        );
    }
    let refusal = refused(&operations, Caller::Visitor, set(anna)).await;
    assert_eq!(refusal.kind, Kind::Unauthenticated);
    let refusal = refused(&operations, Caller::System, set(ActorId(5))).await;
    assert_eq!(refusal.code, "account.unknown");
});

db_test!(a_form_is_checked_hashed_and_kept, |store| {
    let operations = hub(store).await;
    let form = |password: &str| Form {
        name: "anna".to_owned(),
        email: "anna@example.test".to_owned(),
        password: Secret::from(password.to_owned()),
        role: None,
        language: None,
        application: Application::default(),
    };
    for (password, code) in [
        ("123456789", "password.short"),
        (&"x".repeat(1025), "password.long"),
        ("P@ssword2024", "password.guessable"),
    ] {
        let refusal = register(&operations, Caller::Visitor, form(password))
            .await
            .unwrap_err();
        assert_eq!((&*refusal.code, refusal.fields[0].name), (code, "password"));
    }
    let joined = register(&operations, Caller::Visitor, form(PASSWORD))
        .await
        .unwrap();
    let account = read(&operations, move |db| accounts::find(db, joined.actor))
        .await
        .unwrap();
    assert!(crate::crypto::password::verify(
        PASSWORD,
        &account.password_hash
    ));
    let key = read(&operations, move |db| actors::find_key_of(db, joined.actor))
        .await
        .unwrap();
    let private = key.private_der.unwrap();
    let private = crate::crypto::keypair::PrivateKey::from_pkcs8(&private).unwrap();
    assert_eq!(private.public().unwrap().to_der().unwrap(), key.public_der);
});

db_test!(h175_a_password_is_one_in_every_unicode_form, |store| {
    let operations = hub(store).await;
    let form = Form {
        name: "anna".to_owned(),
        email: "anna@example.test".to_owned(),
        password: Secret::from("Ka\u{308}se mit Kru\u{308}meln".to_owned()),
        role: None,
        language: None,
        application: Application::default(),
    };
    register(&operations, Caller::Visitor, form).await.unwrap();
    for written in ["Käse mit Krümeln", "Ka\u{308}se mit Kru\u{308}meln"] {
        sign_in(&operations, "anna", written, "").await.unwrap();
    }
    let other = sign_in(&operations, "anna", "Kase mit Krumeln", "").await;
    assert_eq!(other.unwrap_err().code, "sign_in.wrong");
});

db_test!(
    people_sign_in_by_name_or_address_and_stay_for_a_lifetime,
    |store| {
        let operations = hub(store).await;
        let anna = with_password(&operations, "anna").await;
        for login in ["anna", " @Anna", "ANNA@example.test "] {
            let signed = sign_in(&operations, login, PASSWORD, "").await.unwrap();
            assert_eq!(signed.actor, anna, "{login}");
            assert_eq!(signed.expires_at, NOW.plus_seconds(30 * 24 * 3600));
            assert!(signed_in(&operations, &signed.token).await);
        }
    }
);

db_test!(wrong_names_and_wrong_passwords_get_one_answer, |store| {
    let operations = hub(store).await;
    with_password(&operations, "anna").await;
    group(&operations, "tea", None).await;
    let long = "x".repeat(400);
    for (login, password) in [
        ("anna", "wrong horse battery staple"),
        ("anna", ""),
        ("nobody", PASSWORD),
        ("", PASSWORD),
        ("tea", PASSWORD),
        ("hub.test", PASSWORD),
        ("x@y@z", PASSWORD),
        ("anna\0", PASSWORD),
        (long.as_str(), PASSWORD),
    ] {
        let refusal = sign_in(&operations, login, password, "").await.unwrap_err();
        assert_eq!(refusal.kind, Kind::Unauthenticated, "{login}");
        assert_eq!(refusal.code, "sign_in.wrong", "{login}");
    }
    let refusal = sign_in(&operations, "anna", &"x".repeat(1025), "")
        .await
        .unwrap_err();
    assert_eq!(refusal.kind, Kind::Invalid);
});

db_test!(
    a_session_ends_in_time_by_signing_out_or_not_at_all,
    |store| {
        let operations = hub(store).await;
        let anna = person(&operations, "anna").await;
        for token in ["a", "b", "c"] {
            session(&operations, anna, token).await;
        }
        run(
            &operations,
            Caller::Visitor,
            SignOut {
                token_hash: hash_hex("a"),
            },
        )
        .await;
        run(
            &operations,
            Caller::Visitor,
            SignOut {
                token_hash: hash_hex("a"),
            },
        )
        .await;
        assert!(!signed_in(&operations, "a").await);
        wait(&operations, 20 * 24 * 3600);
        let now = operations.now();
        let renew = |token: &str| RenewSession {
            token_hash: hash_hex(token),
        };
        let expires_at = run(&operations, member(anna), renew("b")).await;
        assert_eq!(expires_at, now.plus_seconds(30 * 24 * 3600));
        wait(&operations, 10 * 24 * 3600);
        assert!(signed_in(&operations, "b").await);
        assert!(!signed_in(&operations, "c").await, "30 days are over");
        let refusal = refused(&operations, member(anna), renew("c")).await;
        assert_eq!(refusal.code, "session.unknown");
        assert!(!signed_in(&operations, "").await);
        assert!(!signed_in(&operations, &"x".repeat(10_240)).await);
    }
);

db_test!(
    a_session_is_opened_for_the_password_that_was_checked_only,
    |store| {
        let operations = hub(store).await;
        let anna = person(&operations, "anna").await;
        let open = |actor, hash: &str| OpenSession {
            actor,
            token_hash: hash_hex("t"),
            password_hash: hash.to_owned(),
            device: String::new(),
        };
        let refusal = refused(&operations, Caller::Visitor, open(anna, "other")).await;
        assert_eq!(refusal.code, "sign_in.wrong");
        let refusal = refused(&operations, Caller::Visitor, open(ActorId(5), "hash")).await;
        assert_eq!(refusal.code, "account.unknown");
        run(&operations, Caller::System, Suspend { actor: anna }).await;
        let refusal = refused(&operations, Caller::Visitor, open(anna, "hash")).await;
        assert_eq!(refusal.code, "account.suspended");
    }
);

db_test!(a_new_password_ends_all_other_sessions, |store| {
    let operations = hub(store).await;
    let anna = with_password(&operations, "anna").await;
    let here = sign_in(&operations, "anna", PASSWORD, "")
        .await
        .unwrap()
        .token;
    let elsewhere = sign_in(&operations, "anna", PASSWORD, "")
        .await
        .unwrap()
        .token;
    let change = |old: &'static str, new: &'static str| {
        let kept = Some(hash_hex(&here));
        let operations = operations.clone();
        async move { change_password(&operations, member(anna), old, new, kept).await }
    };
    let refusal = change("wrong", "another horse battery").await.unwrap_err();
    assert_eq!(
        (&*refusal.code, refusal.fields[0].name),
        ("password.wrong", "old_password")
    );
    assert_eq!(
        change(PASSWORD, "short").await.unwrap_err().code,
        "password.short"
    );
    assert!(signed_in(&operations, &elsewhere).await);
    change(PASSWORD, "another horse battery").await.unwrap();
    assert!(signed_in(&operations, &here).await);
    assert!(!signed_in(&operations, &elsewhere).await);
    assert!(sign_in(&operations, "anna", PASSWORD, "").await.is_err());
    assert!(
        sign_in(&operations, "anna", "another horse battery", "")
            .await
            .is_ok()
    );
    let visitor = change_password(&operations, Caller::Visitor, PASSWORD, PASSWORD, None).await;
    assert_eq!(visitor.unwrap_err().kind, Kind::Unauthenticated);
});

db_test!(
    only_the_operator_sets_a_password_without_the_old_one,
    |store| {
        let operations = hub(store).await;
        let anna = person_with(&operations, "anna", Role::Admin).await;
        session(&operations, anna, "t").await;
        let set = |actor| SetPassword {
            actor,
            new_hash: "new".to_owned(),
        };
        for caller in [admin(anna), member(anna), Caller::Visitor] {
            assert_eq!(
                refused(&operations, caller, set(anna)).await.code,
                "password.operator"
            );
        }
        assert!(signed_in(&operations, "t").await);
        run(&operations, Caller::System, set(anna)).await;
        assert!(!signed_in(&operations, "t").await);
        let refusal = refused(&operations, Caller::System, set(ActorId(5))).await;
        assert_eq!(refusal.code, "account.unknown");
        let stale = ChangePassword {
            old_hash: "hash".to_owned(),
            new_hash: "x".to_owned(),
            session: None,
        };
        assert_eq!(
            refused(&operations, member(anna), stale).await.code,
            "password.wrong"
        );
    }
);

db_test!(a_token_acts_for_its_owner_within_its_scopes, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    for (scopes, granted) in [
        ("", "read write"),
        ("read", "read"),
        ("write  read", "read write"),
        ("write", "write"),
    ] {
        let token = create_token(&operations, member(anna), anna, scopes)
            .await
            .unwrap();
        let found = valid(&operations, &token).await.unwrap();
        assert_eq!((found.actor.id, found.scopes.as_str()), (anna, granted));
    }
    let berta = person(&operations, "berta").await;
    let refusal = create_token(&operations, member(berta), anna, "")
        .await
        .unwrap_err();
    assert_eq!(refusal.code, "account.not_yours");
    let refusal = create_token(&operations, Caller::Visitor, anna, "")
        .await
        .unwrap_err();
    assert_eq!(refusal.kind, Kind::Unauthenticated);
    let refusal = create_token(&operations, member(anna), anna, "read fly")
        .await
        .unwrap_err();
    assert_eq!(
        (&*refusal.code, refusal.fields[0].name),
        ("token.scopes", "scopes")
    );
    let refusal = create_token(&operations, Caller::System, ActorId(5), "")
        .await
        .unwrap_err();
    assert_eq!(refusal.code, "account.unknown");
});

db_test!(a_token_can_be_taken_back_by_its_owner, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    let berta = person(&operations, "berta").await;
    let token = create_token(&operations, member(anna), anna, "")
        .await
        .unwrap();
    let revoke = |actor| RevokeToken {
        actor,
        token_hash: hash_hex(&token),
    };
    let refusal = refused(&operations, member(berta), revoke(anna)).await;
    assert_eq!(refusal.code, "account.not_yours");
    let refusal = refused(&operations, member(berta), revoke(berta)).await;
    assert_eq!(refusal.code, "token.unknown");
    run(&operations, member(anna), revoke(anna)).await;
    assert_eq!(valid(&operations, &token).await, None);
});

db_test!(who_is_suspended_is_out_until_reinstated, |store| {
    let operations = hub(store).await;
    let anna = person_with(&operations, "anna", Role::Moderator).await;
    let berta = person(&operations, "berta").await;
    session(&operations, berta, "t").await;
    let token = create_token(&operations, member(berta), berta, "")
        .await
        .unwrap();
    run(&operations, moderator(anna), Suspend { actor: berta }).await;
    assert!(!signed_in(&operations, "t").await);
    assert_eq!(valid(&operations, &token).await, None);
    let refusal = refused(&operations, moderator(anna), Approve { actor: berta }).await;
    assert_eq!(refusal.kind, Kind::Conflict);
    run(&operations, moderator(anna), Reinstate { actor: berta }).await;
    assert!(!signed_in(&operations, "t").await, "the session is over");
    assert!(valid(&operations, &token).await.is_some());
});

db_test!(
    moderators_decide_about_members_and_nobody_about_themselves,
    |store| {
        let operations = hub(store).await;
        let anna = person_with(&operations, "anna", Role::Admin).await;
        let berta = person_with(&operations, "berta", Role::Moderator).await;
        let clara = person_with(&operations, "clara", Role::Admin).await;
        for actor in [anna, berta] {
            let refusal = refused(&operations, moderator(berta), Suspend { actor }).await;
            assert_eq!(refusal.code, "account.above");
            let refusal = refused(&operations, moderator(berta), Reinstate { actor }).await;
            assert_eq!(refusal.code, "account.above");
        }
        let refusal = refused(&operations, admin(anna), Suspend { actor: anna }).await;
        assert_eq!(refusal.code, "account.above");
        let refusal = refused(&operations, stranger(clara), Suspend { actor: anna }).await;
        assert_eq!(refusal.code, "moderator.required");
        run(&operations, admin(anna), Suspend { actor: clara }).await;
        let refusal = refused(&operations, Caller::System, Suspend { actor: anna }).await;
        assert_eq!(refusal.code, "admin.last");
    }
);

db_test!(one_admin_always_stays, |store| {
    let operations = hub(store).await;
    let anna = person_with(&operations, "anna", Role::Admin).await;
    let berta = person(&operations, "berta").await;
    let role = |actor, role| SetRole { actor, role };
    let refusal = refused(&operations, admin(anna), role(anna, Role::Member)).await;
    assert_eq!(
        (refusal.kind, &*refusal.code),
        (Kind::Conflict, "admin.last")
    );
    let refusal = refused(&operations, admin(anna), leave(anna)).await;
    assert_eq!(refusal.code, "admin.last");
    run(&operations, admin(anna), role(berta, Role::Admin)).await;
    run(&operations, admin(anna), role(anna, Role::Member)).await;
    let account = read(&operations, move |db| accounts::find(db, anna))
        .await
        .unwrap();
    assert_eq!(account.role, Role::Member);
    run(&operations, admin(berta), role(anna, Role::Member)).await;
    let lines = read(&operations, |db| {
        moderation::list_log(db, Viewer::Visitor, Lines::Hub, PageRequest::first(10))
    });
    let lines: Vec<_> = lines.await.items.into_iter().collect();
    let shown: Vec<_> = lines
        .iter()
        .map(|line| (&*line.action, line.moderator, line.actor))
        .collect();
    let expected = [
        ("role-member", Some(anna), Some(anna)),
        ("role-admin", Some(anna), Some(berta)),
    ];
    assert_eq!(shown, expected, "what changes nothing is no news");
});

fn leave(actor: ActorId) -> DeleteAccount {
    DeleteAccount { actor, words: None }
}

async fn going(
    operations: &Operations,
    caller: Caller,
    password: &str,
) -> Result<Option<Ts>, Refusal> {
    ask_to_leave(operations, caller, password, DeletedAccounts::Remove).await
}

db_test!(who_leaves_says_the_password_once_more, |store| {
    let operations = hub(store).await;
    let anna = with_password(&operations, "anna").await;
    for wrong in ["", "wrong wrong wrong", &"x".repeat(2000)] {
        let refusal = going(&operations, member(anna), wrong).await.unwrap_err();
        assert_eq!(
            (&*refusal.code, refusal.fields[0].name),
            ("password.not_yours", "leave_password")
        );
    }
    let changed = AskToLeave {
        words: DeletedAccounts::Remove,
        checked: "another hash".to_owned(),
    };
    let refusal = refused(&operations, member(anna), changed).await;
    assert_eq!(refusal.code, "password.not_yours", "it was changed since");
    let refusal = going(&operations, Caller::Visitor, PASSWORD)
        .await
        .unwrap_err();
    assert_eq!(refusal.kind, Kind::Unauthenticated);
    let promote = SetRole {
        actor: anna,
        role: Role::Admin,
    };
    run(&operations, Caller::System, promote).await;
    let refusal = going(&operations, admin(anna), PASSWORD).await.unwrap_err();
    assert_eq!(refusal.code, "admin.last");
    person_with(&operations, "berta", Role::Admin).await;
    let when = going(&operations, admin(anna), PASSWORD).await.unwrap();
    assert_eq!(when, Some(NOW.plus_seconds(7 * 24 * 3600)));
    assert_eq!(actor(&operations, anna).await.deleted_at, None);
});

db_test!(who_thinks_better_of_it_stays, |store| {
    let operations = hub(store).await;
    let anna = with_password(&operations, "anna").await;
    let berta = person(&operations, "berta").await;
    let depart = || Depart { actor: anna };
    going(&operations, member(anna), PASSWORD).await.unwrap();
    assert!(!run(&operations, Caller::System, depart()).await, "not yet");
    let refusal = refused(&operations, member(berta), KeepAccount { actor: anna }).await;
    assert_eq!(refusal.code, "account.not_yours");
    let refusal = refused(&operations, member(anna), depart()).await;
    assert_eq!(refusal.kind, Kind::Forbidden, "the hub alone does it");
    run(&operations, member(anna), KeepAccount { actor: anna }).await;
    wait(&operations, 8 * 24 * 3600);
    assert!(!run(&operations, Caller::System, depart()).await);
    assert_eq!(actor(&operations, anna).await.deleted_at, None);
    going(&operations, member(anna), PASSWORD).await.unwrap();
    wait(&operations, 7 * 24 * 3600);
    assert!(run(&operations, Caller::System, depart()).await);
    assert!(actor(&operations, anna).await.deleted_at.is_some());
    assert!(!run(&operations, Caller::System, depart()).await, "once");
});

db_test!(without_a_delay_an_account_goes_at_once, |store| {
    let operations = hub_with(store, |settings| {
        settings.accounts.deletion_delay = "0s".parse().unwrap();
    })
    .await;
    let anna = with_password(&operations, "anna").await;
    let when = going(&operations, member(anna), PASSWORD).await.unwrap();
    assert_eq!(when, None);
    assert_eq!(actor(&operations, anna).await.deleted_at, Some(NOW));
});

db_test!(words_stay_or_go_as_their_author_says, |store| {
    let operations = hub(store).await;
    let tea = group(&operations, "tea", None).await;
    for (name, words, stays) in [
        ("anna", DeletedAccounts::Anonymise, true),
        ("berta", DeletedAccounts::Remove, false),
    ] {
        let author = with_password(&operations, name).await;
        let post = run(&operations, member(author), text_post(tea, "Tea?", "Yes.")).await;
        let asked = ask_to_leave(&operations, member(author), PASSWORD, words).await;
        assert!(asked.unwrap().is_some(), "{name}");
        wait(&operations, 7 * 24 * 3600);
        assert!(run(&operations, Caller::System, Depart { actor: author }).await);
        let post = read(&operations, move |db| posts::find(db, post))
            .await
            .unwrap();
        assert_eq!(!post.hidden(), stays, "{name}");
        assert_eq!(actor(&operations, author).await.title, "[deleted]");
    }
});

db_test!(a_look_is_kept_with_the_account, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    let look = Look::parse("dark-compact");
    run(&operations, member(anna), SetLook { look }).await;
    let account = read(&operations, move |db| accounts::find(db, anna)).await;
    assert_eq!(account.unwrap().look, Some(look));
    let refusal = refused(&operations, Caller::Visitor, SetLook { look }).await;
    assert_eq!(refusal.kind, Kind::Unauthenticated);
});

fn profile(actor: ActorId) -> UpdateProfile {
    UpdateProfile {
        actor,
        title: None,
        bio: None,
        discoverable: None,
        indexable: None,
        automatic: None,
    }
}

db_test!(a_changed_profile_is_told_to_the_groups_one_is_in, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    let away = remote(&operations, "https://other.test/c/away", ActorKind::Group).await;
    run(&operations, member(anna), JoinGroup { group: away }).await;
    told(&operations).await;
    let change = UpdateProfile {
        title: Some(" Anna\nB. ".to_owned()),
        bio: Some("I **drive**. <script>x</script>\0".to_owned()),
        indexable: Some(false),
        ..profile(anna)
    };
    wait(&operations, 60);
    run(&operations, member(anna), change.clone()).await;
    run(&operations, member(anna), change).await;
    let stored = actor(&operations, anna).await;
    assert_eq!(
        (stored.title.as_str(), stored.indexable),
        ("Anna B.", false)
    );
    assert!(stored.summary_html.contains("<strong>drive</strong>"));
    assert!(!stored.summary_html.contains("<script"));
    assert_eq!(stored.updated_at, NOW.plus_seconds(60));
    let told = told(&operations).await;
    let [(entry, targets)] = told.as_slice() else {
        panic!("{told:?}")
    };
    assert_eq!(entry.activity, Activity::ProfileUpdated { actor: anna });
    assert_eq!(targets.as_slice(), [away]);
    let plain = UpdateProfile {
        title: Some(String::new()),
        ..profile(anna)
    };
    run(&operations, member(anna), plain).await;
    assert_eq!(actor(&operations, anna).await.title, "anna");
});

db_test!(a_profile_is_changed_by_its_owner_within_bounds, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    let berta = person(&operations, "berta").await;
    let tea = group(&operations, "tea", None).await;
    let refusal = refused(&operations, member(berta), profile(anna)).await;
    assert_eq!(refusal.code, "account.not_yours");
    let refusal = refused(&operations, stranger(anna), profile(anna)).await;
    assert_eq!(refusal.code, "account.not_yours");
    let refusal = refused(&operations, Caller::Visitor, profile(anna)).await;
    assert_eq!(refusal.kind, Kind::Unauthenticated);
    for (change, field) in [
        (
            UpdateProfile {
                title: Some("x".repeat(121)),
                ..profile(anna)
            },
            "title",
        ),
        (
            UpdateProfile {
                bio: Some("x".repeat(5001)),
                ..profile(anna)
            },
            "bio",
        ),
    ] {
        let refusal = refused(&operations, member(anna), change).await;
        assert_eq!(
            (refusal.kind, refusal.fields[0].name),
            (Kind::Invalid, field)
        );
    }
    let refusal = refused(&operations, Caller::System, profile(tea)).await;
    assert_eq!(refusal.kind, Kind::NotFound, "a group is no person");
});

db_test!(people_choose_the_language_of_their_pages, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    let set = |tag: Option<&str>| SetLanguage {
        language: tag.map(str::to_owned),
    };
    run(&operations, member(anna), set(Some("de"))).await;
    let account = read(&operations, move |db| accounts::find(db, anna))
        .await
        .unwrap();
    assert_eq!(account.language.as_deref(), Some("de"));
    run(&operations, member(anna), set(None)).await;
    let refusal = refused(&operations, member(anna), set(Some("no language!"))).await;
    assert_eq!(
        (refusal.kind, refusal.fields[0].name),
        (Kind::Invalid, "language")
    );
    let refusal = refused(&operations, Caller::Visitor, set(None)).await;
    assert_eq!(refusal.kind, Kind::Unauthenticated);
    let account = read(&operations, move |db| accounts::find(db, anna))
        .await
        .unwrap();
    assert_eq!(account.language, None);
});

db_test!(who_leaves_is_gone_and_the_name_stays_taken, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    let berta = person(&operations, "berta").await;
    let away = remote(&operations, "https://other.test/c/away", ActorKind::Group).await;
    let state = run(&operations, member(anna), JoinGroup { group: away }).await;
    assert_eq!(state, FollowState::Pending);
    session(&operations, anna, "t").await;
    let token = create_token(&operations, member(anna), anna, "")
        .await
        .unwrap();
    told(&operations).await;
    let refusal = refused(&operations, member(berta), leave(anna)).await;
    assert_eq!(refusal.code, "account.not_yours");
    run(&operations, member(anna), leave(anna)).await;
    let told = told(&operations).await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].0.activity, Activity::ProfileDeleted { actor: anna });
    assert_eq!(
        told[0].1,
        [away],
        "those who know of it are told before they are left"
    );
    assert!(!signed_in(&operations, "t").await);
    assert_eq!(valid(&operations, &token).await, None);
    assert_eq!(
        read(&operations, move |db| follows::find(db, away, anna)).await,
        None
    );
    assert_eq!(actor(&operations, anna).await.deleted_at, Some(NOW));
    assert!(sign_in(&operations, "anna", PASSWORD, "").await.is_err());
    let again = refused(&operations, Caller::Visitor, joining("anna")).await;
    assert_eq!(again.code, "name.taken");
    let refusal = refused(&operations, member(anna), leave(anna)).await;
    assert_eq!(refusal.code, "account.unknown");
});

db_test!(
    sessions_that_ended_are_swept_when_somebody_signs_in,
    |store| {
        let operations = hub(store).await;
        let anna = person(&operations, "anna").await;
        session(&operations, anna, "old").await;
        wait(&operations, 31 * 24 * 3600);
        session(&operations, anna, "new").await;
        let hash = hash_hex("old");
        let old = read(&operations, move |db| sessions::find(db, &hash, NOW)).await;
        assert_eq!(old, None, "it was there at that time, and is no more");
    }
);
