//! Accounts by mail: nobody learns which addresses are known, links work once and not for long, and
//! whatever opens an account ends what was open before. Rows of the tables of hostile input are named
//! by their ids.

use super::address::AskAddress;
use super::reset::ResetPassword;
use super::sign_up::{AskToJoin, ConfirmSignUp};
use super::*;
use crate::crypto::token::{hash_hex, random};
use crate::domain::colour::{Brand, Colour, Palette};
use crate::domain::letter::Letter;
use crate::domain::membership::{Role, Standing};
use crate::operations::Operations;
use crate::operations::hub::ChooseBrand;
use crate::operations::trial::{
    hub, hub_with, keys, member, person, person_with, read, refused, run, wait,
};
use crate::settings::{Confirmation, Registration};
use crate::store::testing::db_test;
use crate::store::{letters, sessions};

/// The letters that were written since the last call.
async fn letters(operations: &Operations) -> Vec<Letter> {
    let now = operations.now();
    let take = operations.store.write(move |db| {
        let all = letters::list_due(db, now, 100)?;
        for letter in &all {
            letters::delete(db, letter.id)?;
        }
        Ok::<_, crate::store::StoreError>(all)
    });
    take.await.unwrap()
}

/// What stands in the link of a letter.
fn token_in(letter: &Letter) -> String {
    let (_, rest) = letter.text.split_once("token=").expect("a link");
    rest.split_whitespace().next().unwrap().to_owned()
}

fn joining(name: &str, email: &str) -> AskToJoin {
    AskToJoin {
        name: name.to_owned(),
        email: email.to_owned(),
        password_hash: "hash".to_owned(),
        language: Some("de".to_owned()),
        application: Application::default(),
        token: random(),
    }
}

fn confirming(token: &str) -> ConfirmSignUp {
    ConfirmSignUp {
        token_hash: hash_hex(token),
        keys: keys(),
    }
}

async fn session(operations: &Operations, actor: ActorId, token: &str) {
    let open = OpenSession {
        actor,
        token_hash: hash_hex(token),
        password_hash: "hash".to_owned(),
        device: "Firefox, Linux".to_owned(),
    };
    run(operations, Caller::Visitor, open).await;
}

async fn is_open(operations: &Operations, token: &str) -> bool {
    let (hash, now) = (hash_hex(token), operations.now());
    read(operations, move |db| sessions::find(db, &hash, now))
        .await
        .is_some()
}

db_test!(a_letter_wears_the_colours_in_force, |store| {
    let operations = hub(store).await;
    let sent = async |name: &str| {
        let ask = joining(name, &format!("{name}@example.test"));
        run(&operations, Caller::Visitor, ask).await;
        letters(&operations).await.remove(0).html
    };
    let wears = |html: &str, colour: &str| {
        let palette = Palette::from(Colour::parse(colour).unwrap());
        html.contains(&format!("background: {};", palette.light.accent))
    };
    let set = operations.live.get().theme.brand.as_str().to_owned();
    let plain = sent("berta").await;
    assert!(wears(&plain, &set) && !wears(&plain, "#7a1fa2"), "{plain}");
    let brand = Brand {
        colour: Colour::parse("#7a1fa2").unwrap(),
        light: None,
        dark: None,
    };
    let choose = ChooseBrand { brand: Some(brand) };
    run(&operations, Caller::System, choose).await;
    assert!(wears(&sent("carla").await, "#7a1fa2"));
});

db_test!(who_confirms_the_address_has_an_account, |store| {
    let operations = hub(store).await;
    let ask = joining("berta", "Berta@Example.test");
    let token = ask.token.clone();
    run(&operations, Caller::Visitor, ask).await;
    let sent = letters(&operations).await;
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].recipient, "berta@example.test");
    assert!(
        sent[0].html.contains("lang=\"de\""),
        "in the language of the page"
    );
    assert_eq!(token_in(&sent[0]), token);
    let found = read(&operations, |db| {
        accounts::has_email(db, "berta@example.test")
    })
    .await;
    assert!(!found, "there is no account before");
    let joined = run(&operations, Caller::Visitor, confirming(&token)).await;
    assert_eq!(joined.standing, Standing::Active);
    let again = refused(&operations, Caller::Visitor, confirming(&token)).await;
    assert_eq!(again.code, "link.unusable");
});

db_test!(
    r27_a_sign_up_tells_nobody_which_addresses_are_known,
    |store| {
        let operations = hub(store).await;
        person(&operations, "anna").await;
        run(
            &operations,
            Caller::Visitor,
            joining("carla", "anna@example.test"),
        )
        .await;
        let sent = letters(&operations).await;
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[0].recipient, "anna@example.test");
        assert!(
            !sent[0].text.contains("token="),
            "there is nothing to confirm"
        );
        run(
            &operations,
            Caller::Visitor,
            joining("carla", "carla@example.test"),
        )
        .await;
        assert_eq!(letters(&operations).await.len(), 1, "the name stayed free");
    }
);

db_test!(a_name_waits_for_a_day_for_who_asked_first, |store| {
    let operations = hub(store).await;
    let first = joining("berta", "berta@example.test");
    let token = first.token.clone();
    run(&operations, Caller::Visitor, first).await;
    let refusal = refused(
        &operations,
        Caller::Visitor,
        joining("berta", "eve@example.test"),
    )
    .await;
    assert_eq!(refusal.code, "name.taken");
    let other = joining("berta", "berta@example.test");
    let second = other.token.clone();
    run(&operations, Caller::Visitor, other).await;
    run(&operations, Caller::Visitor, confirming(&second)).await;
    let refusal = refused(&operations, Caller::Visitor, confirming(&token)).await;
    assert_eq!(
        refusal.code, "link.unusable",
        "one letter makes one account"
    );
    wait(&operations, 24 * 3600 + 1);
    let late = joining("carla", "carla@example.test");
    let token = late.token.clone();
    run(&operations, Caller::Visitor, late).await;
    wait(&operations, 24 * 3600 + 1);
    let refusal = refused(&operations, Caller::Visitor, confirming(&token)).await;
    assert_eq!(refusal.code, "link.unusable");
    run(
        &operations,
        Caller::Visitor,
        joining("carla", "other@example.test"),
    )
    .await;
});

db_test!(who_waits_for_a_moderator_answers_the_question, |store| {
    let operations = hub_with(store, |settings| {
        settings.accounts.registration = Registration::Approval;
        settings.accounts.question = "What brings you here?".to_owned();
    })
    .await;
    let refusal = refused(
        &operations,
        Caller::Visitor,
        joining("berta", "b@example.test"),
    )
    .await;
    assert_eq!(refusal.code, "sign_up.answer");
    let mut ask = joining("berta", "b@example.test");
    ask.application.answer = "  Screws.  ".to_owned();
    let token = ask.token.clone();
    run(&operations, Caller::Visitor, ask).await;
    letters(&operations).await;
    let joined = run(&operations, Caller::Visitor, confirming(&token)).await;
    assert_eq!(joined.standing, Standing::Pending);
    let berta = joined.actor;
    let arrived = read(&operations, move |db| {
        crate::store::invitations::list_arrivals(db, &[berta])
    })
    .await;
    assert_eq!(arrived[0].1.answer, "Screws.");
    let anna = person_with(&operations, "anna", Role::Moderator).await;
    let caller = Caller::Member {
        actor: anna,
        role: Role::Moderator,
    };
    run(&operations, caller, Approve { actor: berta }).await;
    let sent = letters(&operations).await;
    assert_eq!(sent.len(), 1);
    assert!(sent[0].text.contains("/sign-in"), "{}", sent[0].text);
    run(&operations, caller, Approve { actor: berta }).await;
    assert!(
        letters(&operations).await.is_empty(),
        "welcome is said once"
    );
});

db_test!(
    letters_confirm_addresses_where_the_settings_say_so,
    |store| {
        let operations = hub(store).await;
        let form = |name: &str| Form {
            name: name.to_owned(),
            email: format!("{name}@example.test"),
            password: "correct horse battery".to_owned().into(),
            role: None,
            language: None,
            application: Application::default(),
        };
        let joined = sign_up(&operations, Caller::Visitor, form("anna"))
            .await
            .unwrap();
        assert!(
            matches!(joined, SignedUp::Joined(_)),
            "there is no mail server"
        );
        let mut settings = (*operations.live.get()).clone();
        settings.accounts.confirmation = Confirmation::Always;
        operations.live.reload(settings).unwrap();
        let joined = sign_up(&operations, Caller::Visitor, form("berta"))
            .await
            .unwrap();
        assert_eq!(joined, SignedUp::LetterSent);
        let sent = letters(&operations).await;
        let token = token_in(&sent[0]);
        confirm_sign_up(&operations, &token).await.unwrap();
        let refusal = confirm_sign_up(&operations, &token).await.unwrap_err();
        assert_eq!(refusal.code, "link.unusable");
        sign_in(&operations, "berta", "correct horse battery", "")
            .await
            .unwrap();
    }
);

/// Asks for a new password; what stands in the link, if there was a letter.
async fn ask_reset(operations: &Operations, email: &str) -> Option<String> {
    let ask = AskReset {
        email: email.to_owned(),
        token: random(),
    };
    run(operations, Caller::Visitor, ask).await;
    let sent = letters(operations).await;
    sent.first().map(token_in)
}

fn resetting(token: &str) -> ResetPassword {
    ResetPassword {
        token_hash: hash_hex(token),
        new_hash: "new".to_owned(),
    }
}

db_test!(
    r27_a_link_for_a_new_password_works_once_and_ends_what_was_open,
    |store| {
        let operations = hub(store).await;
        let anna = person(&operations, "anna").await;
        session(&operations, anna, "here").await;
        let program = create_token(&operations, member(anna), anna, "read")
            .await
            .unwrap();
        assert_eq!(ask_reset(&operations, "nobody@example.test").await, None);
        let token = ask_reset(&operations, "ANNA@example.test").await.unwrap();
        let other = ask_reset(&operations, "anna@example.test").await.unwrap();
        run(&operations, Caller::Visitor, resetting(&token)).await;
        assert!(!is_open(&operations, "here").await);
        let hash = hash_hex(&program);
        let left = read(&operations, move |db| crate::store::tokens::find(db, &hash)).await;
        assert!(left.is_none());
        let sent = letters(&operations).await;
        assert_eq!(sent.len(), 1, "she is told");
        for used in [&token, &other, "", "nonsense"] {
            let refusal = refused(&operations, Caller::Visitor, resetting(used)).await;
            assert_eq!(refusal.code, "link.unusable", "{used}");
        }
    }
);

db_test!(
    h183_a_link_is_void_after_an_hour_and_after_anything_changed,
    |store| {
        let operations = hub(store).await;
        let anna = person(&operations, "anna").await;
        let late = ask_reset(&operations, "anna@example.test").await.unwrap();
        wait(&operations, 3601);
        let after_password = ask_reset(&operations, "anna@example.test").await.unwrap();
        let change = ChangePassword {
            old_hash: "hash".to_owned(),
            new_hash: "hash".to_owned(),
            session: None,
        };
        run(&operations, member(anna), change).await;
        letters(&operations).await;
        let after_address = ask_reset(&operations, "anna@example.test").await.unwrap();
        let ask = AskAddress {
            checked: "hash".to_owned(),
            email: "new@example.test".to_owned(),
            token: random(),
        };
        let confirm = ConfirmAddress {
            token_hash: hash_hex(&ask.token),
            session: None,
        };
        run(&operations, member(anna), ask).await;
        run(&operations, Caller::Visitor, confirm).await;
        for token in [late, after_password, after_address] {
            let refusal = refused(&operations, Caller::Visitor, resetting(&token)).await;
            assert_eq!(refusal.code, "link.unusable");
        }
    }
);

db_test!(who_is_shut_out_sets_no_password, |store| {
    let operations = hub(store).await;
    let anna = person(&operations, "anna").await;
    run(&operations, Caller::System, Suspend { actor: anna }).await;
    assert_eq!(ask_reset(&operations, "anna@example.test").await, None);
});

db_test!(
    h176_another_address_is_confirmed_and_the_old_one_told,
    |store| {
        let operations = hub(store).await;
        let anna = person(&operations, "anna").await;
        person(&operations, "ben").await;
        session(&operations, anna, "here").await;
        session(&operations, anna, "elsewhere").await;
        let ask = |email: &str, checked: &str| AskAddress {
            checked: checked.to_owned(),
            email: email.to_owned(),
            token: random(),
        };
        let refusal = refused(&operations, member(anna), ask("a@b.test", "other")).await;
        assert_eq!(refusal.code, "password.not_yours");
        run(&operations, member(anna), ask("ben@example.test", "hash")).await;
        let sent = letters(&operations).await;
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[0].recipient, "ben@example.test");
        assert!(
            !sent[0].text.contains("token="),
            "only its owner learns of it"
        );
        run(&operations, member(anna), ask("new@example.test", "hash")).await;
        let sent = letters(&operations).await;
        assert_eq!(sent[0].recipient, "new@example.test");
        let confirm = || ConfirmAddress {
            token_hash: hash_hex(&token_in(&sent[0])),
            session: Some(hash_hex("here")),
        };
        run(&operations, member(anna), confirm()).await;
        assert!(is_open(&operations, "here").await);
        assert!(!is_open(&operations, "elsewhere").await);
        let told = letters(&operations).await;
        assert_eq!(told[0].recipient, "anna@example.test");
        assert!(told[0].text.contains("new@example.test"));
        let refusal = refused(&operations, member(anna), confirm()).await;
        assert_eq!(refusal.code, "link.unusable");
    }
);

db_test!(a_session_is_ended_by_its_owner_only, |store| {
    let operations = hub(store).await;
    let (anna, ben) = (
        person(&operations, "anna").await,
        person(&operations, "ben").await,
    );
    for token in ["here", "there", "somewhere"] {
        session(&operations, anna, token).await;
    }
    let now = operations.now();
    let devices = read(&operations, move |db| {
        crate::views::account::sessions(db, anna, now)
    })
    .await;
    assert_eq!(devices.len(), 3);
    assert!(devices.iter().all(|device| device.name == "Firefox, Linux"));
    let end = |token: &str| EndSession {
        token_hash: hash_hex(token),
    };
    let refusal = refused(&operations, member(ben), end("there")).await;
    assert_eq!(refusal.code, "session.ended");
    run(&operations, member(anna), end("there")).await;
    assert!(!is_open(&operations, "there").await);
    let others = EndOtherSessions {
        kept: Some(hash_hex("here")),
    };
    assert_eq!(run(&operations, member(anna), others).await, 1);
    assert!(is_open(&operations, "here").await);
});
