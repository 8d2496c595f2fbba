//! The answer that helped is for who asked and for moderators to choose.

use crate::domain::activity::Activity;
use crate::domain::caller::Caller;
use crate::domain::ids::{CommentId, ObjectId, PostId};
use crate::domain::notice::NoticeKind;
use crate::domain::page::PageRequest;
use crate::domain::post::Extra;
use crate::domain::question::{Of, Which};
use crate::operations::object::DeleteObject;
use crate::operations::post::CreatePost;
use crate::operations::testing::{Hall, text_post};
use crate::store::testing::db_test;
use crate::store::{notices, questions};
use crate::views::question;

use super::ChooseAnswer;

fn choose(answer: CommentId, chosen: bool) -> ChooseAnswer {
    ChooseAnswer {
        answer,
        chosen,
        relay: None,
    }
}

/// A question of ben's in anna's group, with an answer by carl.
struct Asked {
    hall: Hall,
    anna: Caller,
    ben: Caller,
    carl: Caller,
    post: PostId,
    answer: CommentId,
}

impl Asked {
    async fn new(store: crate::store::Store) -> Self {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let ben = hall.person("ben").await;
        let carl = hall.person("carl").await;
        let group = hall.group("drivers", anna).await;
        let ask = CreatePost {
            extra: Extra::Question,
            ..text_post(group, "Which bit?", "For this screw.")
        };
        let post = hall.run(ben, ask).await.unwrap();
        let answer = hall.comment(carl, ObjectId::Post(post), "PH2.").await;
        Self {
            hall,
            anna,
            ben,
            carl,
            post,
            answer,
        }
    }

    async fn chosen(&self) -> Option<CommentId> {
        let post = self.post;
        let question = self.hall.read(move |db| questions::find(db, post)).await;
        question.unwrap().answer.map(|chosen| chosen.comment)
    }

    async fn open(&self) -> usize {
        let request = PageRequest::first(10);
        let read = self
            .hall
            .read(move |db| question::page(db, None, &Which::open(Of::All), request));
        read.await.items.len()
    }
}

db_test!(
    who_asked_and_who_moderates_choose_and_nobody_else,
    |store| {
        let asked = Asked::new(store).await;
        let hall = &asked.hall;
        let dora = hall.person("dora").await;
        for (who, code) in [
            (asked.carl, "question.asker"),
            (dora, "question.asker"),
            (Caller::Visitor, "sign_in.required"),
            (hall.remote("mia@peer.test").await, "question.asker"),
        ] {
            let refused = hall.run(who, choose(asked.answer, true)).await;
            assert_eq!(refused.unwrap_err().code, code);
        }
        assert_eq!((asked.chosen().await, asked.open().await), (None, 1));
        hall.run(asked.ben, choose(asked.answer, true))
            .await
            .unwrap();
        assert_eq!(
            (asked.chosen().await, asked.open().await),
            (Some(asked.answer), 0)
        );
        hall.run(asked.anna, choose(asked.answer, false))
            .await
            .unwrap();
        assert_eq!((asked.chosen().await, asked.open().await), (None, 1));
    }
);

db_test!(the_helper_hears_of_it_and_others_do, |store| {
    let asked = Asked::new(store).await;
    let before = asked.hall.log().await.len();
    for _ in 0..2 {
        let choose = choose(asked.answer, true);
        asked.hall.run(asked.ben, choose).await.unwrap();
    }
    let log = asked.hall.log().await;
    let told: Vec<_> = log[before..]
        .iter()
        .map(|row| &row.entry.activity)
        .collect();
    let chosen = Activity::AnswerChosen {
        comment: asked.answer,
        chosen: true,
    };
    let object = ObjectId::Post(asked.post);
    assert_eq!(told, [&chosen, &Activity::Updated { object }], "told once");
    let carl = asked.carl.actor().unwrap();
    let request = PageRequest::first(10);
    let notices = asked
        .hall
        .read(move |db| notices::list(db, carl, None, request))
        .await;
    assert_eq!(notices.items.len(), 1);
    assert_eq!(notices.items[0].kind, NoticeKind::Accepted);
    assert_eq!(notices.items[0].object, asked.answer.0);
});

db_test!(an_answer_that_is_gone_helps_nobody, |store| {
    let asked = Asked::new(store).await;
    let hall = &asked.hall;
    hall.run(asked.ben, choose(asked.answer, true))
        .await
        .unwrap();
    let delete = DeleteObject {
        object: ObjectId::Comment(asked.answer),
        relay: None,
    };
    hall.run(asked.carl, delete).await.unwrap();
    assert_eq!((asked.chosen().await, asked.open().await), (None, 1));
    let refused = hall.run(asked.ben, choose(asked.answer, true)).await;
    assert_eq!(refused.unwrap_err().code, "comment.gone");
});

db_test!(what_asks_for_nothing_has_no_answer, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let group = hall.group("drivers", anna).await;
    let post = hall.post(anna, group, "No question").await;
    let answer = hall.comment(anna, ObjectId::Post(post), "Well.").await;
    let refused = hall.run(anna, choose(answer, true)).await;
    assert_eq!(refused.unwrap_err().code, "question.none");
});
