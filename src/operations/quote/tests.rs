//! Who may quote whom, and what others hear of it.

use super::{QuoteComment, QuotePost, RevokeQuote, SetQuotePolicy};
use crate::domain::activity::Activity;
use crate::domain::block::Distance;
use crate::domain::caller::Caller;
use crate::domain::filter::Effect;
use crate::domain::ids::{ObjectId, PostId};
use crate::domain::page::PageRequest;
use crate::domain::quote::QuotePolicy;
use crate::operations::block::KeepAway;
use crate::operations::filter::SetFilter;
use crate::operations::object::DeleteObject;
use crate::operations::testing::{Hall, answer, text_post};
use crate::store::quotes;
use crate::store::testing::db_test;
use crate::views;
use crate::views::post::CommentCard;

db_test!(members_quote_each_other_as_the_author_allows, |store| {
    let hall = Hall::new(store).await;
    let (anna, bert) = (hall.person("anna").await, hall.person("bert").await);
    let group = hall.group("tea", anna).await;
    let post = hall.post(anna, group, "A pot of tea").await;
    let uri = format!("http://hub.test/post/{post}");
    let quoting = |title: &str| QuotePost {
        post: text_post(group, title, "See that?"),
        quote: Some(uri.clone()),
        stamp: None,
    };
    let first = hall.run(bert, quoting("A quote")).await.unwrap();
    let quoted = hall.read(move |db| quotes::find_quoted(db, first.0)).await;
    assert_eq!(quoted.unwrap().author, anna.actor());
    let policy = QuotePolicy::Nobody;
    hall.run(anna, SetQuotePolicy { policy }).await.unwrap();
    let refused = hall.run(bert, quoting("Another")).await.unwrap_err();
    assert_eq!(refused.code, "quote.not_allowed");
    hall.run(anna, quoting("Of my own")).await.unwrap();
    let nowhere = QuotePost {
        quote: Some("http://hub.test/post/7".to_owned()),
        ..quoting("Of nothing")
    };
    let refused = hall.run(bert, nowhere).await.unwrap_err();
    assert_eq!(refused.code, "quote.unknown");
});

db_test!(the_author_of_what_is_elsewhere_is_asked, |store| {
    let hall = Hall::new(store).await;
    let (anna, mia) = (
        hall.person("anna").await,
        hall.remote("mia@peer.test").await,
    );
    let group = hall.group("tea", anna).await;
    let origin = crate::operations::testing::from_elsewhere(
        "https://peer.test/notes/1",
        hall.operations.now(),
    );
    let theirs = crate::operations::post::CreatePost {
        origin,
        ..text_post(group, "Hello", "x")
    };
    hall.run(mia, theirs).await.unwrap();
    let quoting = QuotePost {
        post: text_post(group, "A quote", "See that?"),
        quote: Some("https://peer.test/notes/1".to_owned()),
        stamp: None,
    };
    let post = hall.run(anna, quoting).await.unwrap();
    let entry = hall.log().await.pop().unwrap().entry;
    let asked = Activity::QuoteAsked {
        post,
        comment: None,
    };
    assert_eq!(entry.activity, asked);
    let refused = hall.run(anna, RevokeQuote { quote: 5 }).await;
    assert!(refused.is_err(), "there is no such quote");
});

db_test!(s157_a_comment_quotes_as_a_post_does, |store| {
    let hall = Hall::new(store).await;
    let (anna, mia) = (
        hall.person("anna").await,
        hall.remote("mia@peer.test").await,
    );
    let group = hall.group("tea", anna).await;
    let post = hall.post(anna, group, "A pot of tea").await;
    let origin = crate::operations::testing::from_elsewhere(
        "https://peer.test/notes/2",
        hall.operations.now(),
    );
    let theirs = crate::operations::comment::CreateComment {
        origin,
        ..answer(ObjectId::Post(post), "Mine is green")
    };
    hall.run(mia, theirs).await.unwrap();
    let quoting = |uri: &str| QuoteComment {
        comment: answer(ObjectId::Post(post), "See that?"),
        quote: Some(uri.to_owned()),
        stamp: None,
    };
    let refused = hall.run(anna, quoting("http://hub.test/post/7")).await;
    assert_eq!(refused.unwrap_err().code, "quote.unknown");
    let comment = hall
        .run(anna, quoting("https://peer.test/notes/2"))
        .await
        .unwrap();
    let quoted = hall
        .read(move |db| quotes::find_quoted(db, comment.0))
        .await
        .unwrap();
    assert_eq!((quoted.author, quoted.stamp), (mia.actor(), None));
    let asked = Activity::QuoteAsked {
        post,
        comment: Some(comment),
    };
    assert_eq!(hall.log().await.pop().unwrap().entry.activity, asked);
});

/// What is read of the quotes in a thread, in the order of its comments.
async fn read(hall: &Hall, viewer: Option<Caller>, post: PostId) -> Vec<Option<String>> {
    let viewer = viewer.and_then(Caller::actor);
    let page = PageRequest::first(20);
    let thread = hall
        .operations
        .store
        .read(move |db| views::thread::thread(db, viewer, post, page));
    let cards = thread.await.unwrap().comments.items;
    let text = |card: CommentCard| Some(card.quote?.text?.excerpt);
    cards.into_iter().map(text).collect()
}

db_test!(a_quote_is_read_where_what_it_quotes_can_be, |store| {
    let hall = Hall::new(store).await;
    let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
    let (carl, dora) = (hall.person("carl").await, hall.person("dora").await);
    let group = hall.group("tea", anna).await;
    let post = hall.post(anna, group, "A pot of tea").await;
    let there = ObjectId::Post(post);
    let said = hall.comment(ben, there, "Mine is **green**").await;
    let quoting = QuoteComment {
        comment: answer(there, "See that?"),
        quote: Some(format!("http://hub.test/comment/{said}")),
        stamp: None,
    };
    hall.run(anna, quoting).await.unwrap();
    let shown = [None, Some("Mine is green".to_owned())];
    assert_eq!(read(&hall, None, post).await, shown);
    let person = ben.actor().unwrap();
    let distance = Distance::Muted;
    let mute = KeepAway { person, distance };
    hall.run(carl, mute).await.unwrap();
    assert_eq!(read(&hall, Some(carl), post).await, [None, None]);
    let filter = SetFilter {
        phrase: "green".to_owned(),
        effect: Effect::Warn,
        until: None,
    };
    hall.run(dora, filter).await.unwrap();
    assert_eq!(read(&hall, Some(dora), post).await, [None, None]);
    assert_eq!(read(&hall, Some(ben), post).await, shown);
    let object = ObjectId::Comment(said);
    hall.run(
        ben,
        DeleteObject {
            object,
            relay: None,
        },
    )
    .await
    .unwrap();
    assert_eq!(read(&hall, Some(anna), post).await, [None, None]);
});

db_test!(nobody_quotes_out_of_a_private_group, |store| {
    let hall = Hall::new(store).await;
    let anna = hall.person("anna").await;
    let (open, den) = (hall.group("tea", anna).await, hall.group("den", anna).await);
    let post = hall.post(anna, open, "A pot of tea").await;
    let secret = hall.post(anna, den, "A secret").await;
    hall.change_actor(den, |group| group.manually_approves = true)
        .await;
    let quoting = QuoteComment {
        comment: answer(ObjectId::Post(post), "See that?"),
        quote: Some(format!("http://hub.test/post/{secret}")),
        stamp: None,
    };
    let refused = hall.run(anna, quoting).await.unwrap_err();
    assert_eq!(refused.code, "quote.not_allowed");
});
