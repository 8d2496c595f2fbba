//! Invitations let people in as often and as long as they say, whoever may give them out.

use super::*;
use crate::domain::ids::ActorId;
use crate::domain::membership::Standing;
use crate::operations::account::{Application, Register, Suspend};
use crate::operations::trial::{
    hub_with, keys, member, person, person_with, read, refused, run, wait,
};
use crate::settings::Registration;
use crate::store::testing::db_test;

fn arriving(name: &str, invitation: &str) -> Register {
    Register {
        name: name.to_owned(),
        email: format!("{name}@example.test"),
        password_hash: "hash".to_owned(),
        role: None,
        language: None,
        application: Application {
            answer: String::new(),
            invitation_hash: Some(token::hash_hex(invitation)),
        },
        keys: keys(),
    }
}

fn invitation(token: &str, most_uses: i32, days: i64) -> Invite {
    Invite {
        token_hash: token::hash_hex(token),
        note: " For\nthe meet-up ".to_owned(),
        most_uses,
        days,
    }
}

async fn closed(store: crate::store::Store, inviters: Inviters) -> (Operations, ActorId) {
    let operations = hub_with(store, |settings| {
        settings.accounts.registration = Registration::Closed;
        settings.accounts.inviters = inviters;
    })
    .await;
    let anna = person(&operations, "anna").await;
    (operations, anna)
}

db_test!(
    h182_an_invitation_that_is_not_good_is_answered_alike,
    |store| {
        let (operations, anna) = closed(store, Inviters::Members).await;
        let made = run(&operations, member(anna), invitation("once", 1, 14)).await;
        assert_eq!(made.note, "For the meet-up");
        run(&operations, member(anna), invitation("short", 10, 1)).await;
        let back = run(&operations, member(anna), invitation("back", 10, 14)).await;
        run(&operations, member(anna), Uninvite { id: back.id }).await;
        let joined = run(&operations, Caller::Visitor, arriving("ben", "once")).await;
        assert_eq!(
            joined.standing,
            Standing::Active,
            "though registration is closed"
        );
        wait(&operations, 24 * 3600 + 1);
        for bad in ["once", "short", "back", "guessed", ""] {
            let refusal = refused(&operations, Caller::Visitor, arriving("eve", bad)).await;
            assert_eq!(refusal.code, "invitation.unknown", "H182 {bad}");
        }
        let (given, came) = read(&operations, move |db| {
            crate::views::invitation::of(db, anna)
        })
        .await;
        assert_eq!((given.len(), came.len()), (2, 1));
        assert_eq!(came[0].id, joined.actor);
        let ben = joined.actor;
        let how = read(&operations, move |db| {
            crate::views::invitation::arrivals(db, &[anna, ben])
        })
        .await;
        assert_eq!(how[0].inviter, None);
        assert_eq!(how[1].inviter.as_ref().map(|by| by.id), Some(anna));
    }
);

db_test!(who_may_not_invite_does_not, |store| {
    let (operations, anna) = closed(store, Inviters::Moderators).await;
    let refusal = refused(&operations, member(anna), invitation("t", 1, 1)).await;
    assert_eq!(refusal.code, "invitation.not_yours");
    let berta = person_with(&operations, "berta", Role::Moderator).await;
    let caller = Caller::Member {
        actor: berta,
        role: Role::Moderator,
    };
    let made = run(&operations, caller, invitation("t", 2, 1)).await;
    let refusal = refused(&operations, member(anna), Uninvite { id: made.id }).await;
    assert_eq!(refusal.code, "invitation.unknown");
    run(&operations, Caller::System, Suspend { actor: berta }).await;
    let refusal = refused(&operations, Caller::Visitor, arriving("eve", "t")).await;
    assert_eq!(refusal.code, "invitation.unknown", "hers count no more");
});

db_test!(invitations_have_bounds, |store| {
    let (operations, anna) = closed(store, Inviters::Members).await;
    for (uses, days, code) in [
        (0, 1, "invitation.uses"),
        (1_001, 1, "invitation.uses"),
        (1, 0, "invitation.days"),
        (1, 366, "invitation.days"),
    ] {
        let refusal = refused(&operations, member(anna), invitation("t", uses, days)).await;
        assert_eq!(refusal.code, code);
    }
    for number in 0..MOST_GOOD {
        run(
            &operations,
            member(anna),
            invitation(&number.to_string(), 1, 1),
        )
        .await;
    }
    let refusal = refused(&operations, member(anna), invitation("t", 1, 1)).await;
    assert_eq!(refusal.code, "invitation.many");
    wait(&operations, 24 * 3600 + 1);
    run(&operations, member(anna), invitation("t", 1, 1)).await;
});
