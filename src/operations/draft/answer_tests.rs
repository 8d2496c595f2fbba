//! What is typed into an answer is kept for who typed it, until it is sent or its thread goes.

use crate::domain::caller::Caller;
use crate::domain::draft::KeptAnswer;
use crate::domain::ids::{ActorId, ObjectId};
use crate::operations::actor;
use crate::operations::moderation::RemoveObject;
use crate::operations::object::DeleteObject;
use crate::operations::quote::QuoteComment;
use crate::operations::testing::{Hall, answer};
use crate::settings::DeletedAccounts;
use crate::store::kept_answers;
use crate::store::testing::db_test;
use crate::views;

use super::{DiscardAnswer, KeepAnswer, SendAnswer};

fn keep(to: ObjectId, body: &str) -> KeepAnswer {
    let body = body.to_owned();
    KeepAnswer { to, body }
}

async fn kept(hall: &Hall, of: Caller) -> Vec<KeptAnswer> {
    let author = of.actor().unwrap();
    hall.read(move |db| kept_answers::list(db, author, 10))
        .await
}

db_test!(one_answer_to_each_thing_is_kept_until_it_is_sent, |store| {
    let hall = Hall::new(store).await;
    let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
    let group = hall.group("drivers", anna).await;
    let id = hall.post(anna, group, "Which bit?").await;
    let post = ObjectId::Post(id);
    let comment = ObjectId::Comment(hall.comment(anna, post, "PH2").await);
    hall.run(ben, keep(post, "Tor")).await.unwrap();
    hall.pass(60);
    hall.run(ben, keep(comment, "Real\0ly?")).await.unwrap();
    hall.pass(60);
    hall.run(ben, keep(post, "Torx")).await.unwrap();
    let found = kept(&hall, ben).await;
    let found: Vec<_> = found
        .iter()
        .map(|one| (one.to, one.body.as_str()))
        .collect();
    assert_eq!(found, [(post, "Torx"), (comment, "Really?")]);
    assert!(kept(&hall, anna).await.is_empty());
    let refused = hall.run(anna, DiscardAnswer { to: id.0 }).await;
    assert_eq!(refused.unwrap_err().code, "draft.not_found");
    let send = |to| SendAnswer {
        answer: QuoteComment {
            comment: answer(to, "Torx."),
            quote: None,
            stamp: None,
        },
    };
    let mut blank = send(post);
    blank.answer.comment = answer(post, " ");
    hall.run(ben, blank).await.unwrap_err();
    assert_eq!(kept(&hall, ben).await.len(), 2, "what is refused is kept");
    hall.run(ben, send(post)).await.unwrap();
    assert_eq!(kept(&hall, ben).await.len(), 1);
    hall.run(ben, keep(comment, " \n")).await.unwrap();
    assert!(kept(&hall, ben).await.is_empty(), "nothing typed");
});

db_test!(answers_are_kept_in_bounds, |store| {
    let hall = Hall::new(store).await;
    let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
    let mut settings = (*hall.operations.live.get()).clone();
    settings.posts.drafts = 1;
    settings.posts.comment_limit = 500;
    hall.operations.live.reload(settings).unwrap();
    let group = hall.group("drivers", anna).await;
    let first = ObjectId::Post(hall.post(anna, group, "One").await);
    let second = ObjectId::Post(hall.post(anna, group, "Two").await);
    let long = keep(first, &"ü".repeat(501));
    let refused = hall.run(ben, long).await.unwrap_err();
    assert_eq!(refused.code, "comment.too_long");
    for _ in 0..2 {
        hall.run(ben, keep(first, &"ü".repeat(500))).await.unwrap();
    }
    let refused = hall.run(ben, keep(second, "More")).await.unwrap_err();
    assert_eq!(refused.code, "draft.full");
    let to = first.number();
    hall.run(ben, DiscardAnswer { to }).await.unwrap();
    hall.run(ben, keep(second, "More")).await.unwrap();
    let nobody = hall.run(Caller::Visitor, keep(first, "?")).await;
    assert!(nobody.is_err());
});

db_test!(what_is_kept_goes_with_its_thread_and_its_author, |store| {
    let hall = Hall::new(store).await;
    let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
    let carl = hall.person("carl").await;
    let group = hall.group("drivers", anna).await;
    let mut posts = Vec::new();
    for author in [anna, anna, carl, anna] {
        let post = ObjectId::Post(hall.post(author, group, "A thread").await);
        hall.run(ben, keep(post, "Wait")).await.unwrap();
        posts.push(post);
    }
    let delete = DeleteObject {
        object: posts[0],
        relay: None,
    };
    hall.run(anna, delete).await.unwrap();
    let gone = hall.run(ben, keep(posts[0], "Too late")).await;
    assert_eq!(gone.unwrap_err().code, "comment.parent_gone");
    let remove = RemoveObject {
        object: posts[1],
        reason: "spam".to_owned(),
        with_replies: false,
        relay: None,
    };
    hall.run(anna, remove).await.unwrap();
    forget(&hall, carl.actor().unwrap()).await;
    let found = kept(&hall, ben).await;
    let found: Vec<_> = found.iter().map(|one| one.to).collect();
    assert_eq!(found, [posts[3]]);
    forget(&hall, ben.actor().unwrap()).await;
    assert!(kept(&hall, ben).await.is_empty());
});

/// What becomes of somebody whose account is deleted.
struct Forget(ActorId);

impl crate::operations::Operation for Forget {
    type Output = ();
    const NAME: &'static str = "forget";

    fn perform(
        &self,
        desk: &mut crate::operations::Desk<'_>,
    ) -> Result<(), crate::domain::refusal::Refusal> {
        let gone = crate::store::actors::find(desk.db, self.0)?.unwrap();
        actor::forget(desk, &gone, DeletedAccounts::Remove)
    }
}

async fn forget(hall: &Hall, actor: ActorId) {
    hall.run(Caller::System, Forget(actor)).await.unwrap();
}

db_test!(the_list_names_only_threads_that_can_be_seen, |store| {
    let hall = Hall::new(store).await;
    let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
    let group = hall.group("drivers", anna).await;
    let post = ObjectId::Post(hall.post(anna, group, "Which bit?").await);
    hall.run(ben, keep(post, "Wait")).await.unwrap();
    let author = ben.actor().unwrap();
    let titles = || async {
        let cards = hall.read(move |db| views::draft::answers(db, author)).await;
        let titles = cards.into_iter().map(|card| card.thread);
        titles.collect::<Vec<_>>()
    };
    assert_eq!(titles().await, [Some("Which bit?".to_owned())]);
    hall.change_actor(group, |group| group.manually_approves = true)
        .await;
    assert_eq!(titles().await, [None], "but the words stay");
    let shut = hall.run(ben, keep(post, "Let me in")).await.unwrap_err();
    assert_eq!(shut.code, "post.not_found");
});
