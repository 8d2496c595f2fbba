//! What a member does not want to read is hidden or folded for them, and for nobody else.

use crate::domain::caller::Caller;
use crate::domain::filter::Effect;
use crate::domain::ids::{ActorId, FilterId, ObjectId};
use crate::domain::page::PageRequest;
use crate::domain::post::Sort;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::post::CreatePost;
use crate::operations::testing::{Hall, text_post};
use crate::store::filters;
use crate::store::testing::db_test;
use crate::views::feed::{self, Feed};
use crate::views::{filter, notice, search, thread};

use super::{DropFilter, SetFilter, SetReadingLanguages};

async fn set(hall: &Hall, by: Caller, phrase: &str, effect: Effect) -> Result<(), Refusal> {
    let set = SetFilter {
        phrase: phrase.to_owned(),
        effect,
        until: None,
    };
    hall.run(by, set).await
}

/// The titles of a group's feed for somebody, each with the words of the filter that it meets.
async fn feed(hall: &Hall, who: Caller, group: ActorId) -> Vec<(String, Option<String>)> {
    let viewer = who.actor();
    let page = PageRequest::first(20);
    let found = hall
        .read(move |db| feed::page(db, viewer, Feed::Group(group), Sort::New, page))
        .await;
    let mut titles: Vec<_> = found
        .items
        .into_iter()
        .map(|card| (card.post.title, card.filtered.map(|filter| filter.phrase)))
        .collect();
    titles.sort();
    titles
}

db_test!(words_are_hidden_or_warned_of_everywhere, |store| {
    let hall = Hall::new(store).await;
    let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
    let group = hall.group("tea", anna).await;
    let post = hall.post(anna, group, "Green tea").await;
    hall.post(ben, group, "A Zebra walks").await;
    hall.post(ben, group, "Lions, too").await;
    hall.comment(ben, ObjectId::Post(post), "zebra stripes")
        .await;
    hall.comment(ben, ObjectId::Post(post), "lions roar").await;
    set(&hall, anna, " ZEBRA ", Effect::Hide).await.unwrap();
    set(&hall, anna, "lions", Effect::Warn).await.unwrap();
    set(&hall, anna, "green", Effect::Hide).await.unwrap();
    let lions = || Some("lions".to_owned());
    assert_eq!(
        feed(&hall, anna, group).await,
        [
            ("Green tea".to_owned(), None),
            ("Lions, too".to_owned(), lions())
        ],
        "one's own words are never filtered"
    );
    assert_eq!(feed(&hall, ben, group).await.len(), 3);
    let (viewer, page) = (anna.actor(), PageRequest::first(20));
    let (comments, found, notices) = hall
        .read(move |db| {
            let comments = thread::page(db, viewer, post, page)?.items;
            let found = search::posts(
                db,
                viewer,
                &crate::domain::search::Filter::of("zebra"),
                page,
            )?
            .items;
            let notices = notice::page(db, viewer.unwrap(), None, page)?.items;
            Ok((comments, found, notices))
        })
        .await;
    let words: Vec<&str> = comments.iter().map(|card| &*card.comment.html).collect();
    assert_eq!(words, ["", "<p>lions roar</p>\n"], "the place stays");
    assert!(comments.iter().all(|card| card.filtered.is_some()));
    assert!(found.is_empty());
    let excerpts: Vec<&str> = notices.iter().map(|card| &*card.excerpt).collect();
    assert_eq!(excerpts, [""], "one is left out, one has no words");
});

db_test!(filters_end_and_are_dropped_by_their_owner_alone, |store| {
    let hall = Hall::new(store).await;
    let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
    let me = anna.actor().unwrap();
    set(&hall, anna, "zebra", Effect::Warn).await.unwrap();
    set(&hall, anna, "zebra", Effect::Hide).await.unwrap();
    let kept = hall.read(move |db| filter::of(db, me)).await.filters;
    assert_eq!(kept.len(), 1, "the later word on the same words counts");
    assert_eq!(kept[0].effect, Effect::Hide);
    let drop_it = DropFilter { filter: kept[0].id };
    let refused = hall.run(ben, drop_it).await.unwrap_err();
    assert_eq!(refused.kind, Kind::NotFound);
    hall.run(anna, drop_it).await.unwrap();
    let until = hall.operations.now().plus_seconds(60);
    let ending = SetFilter {
        phrase: "lions".to_owned(),
        effect: Effect::Warn,
        until: Some(until),
    };
    hall.run(anna, ending.clone()).await.unwrap();
    assert_eq!(
        hall.write(|db, now| filters::delete_ended(db, now, 9))
            .await,
        0
    );
    hall.pass(60);
    assert_eq!(
        hall.write(|db, now| filters::delete_ended(db, now, 9))
            .await,
        1
    );
    let late = hall.run(anna, ending).await.unwrap_err();
    assert_eq!(late.code, "filter.until");
    for phrase in ["", "  ", &"x".repeat(101), "a\0b"] {
        let refused = set(&hall, anna, phrase, Effect::Hide).await.unwrap_err();
        assert_eq!(refused.code, "filter.phrase", "{phrase:?}");
    }
    hall.write(move |db, now| {
        for id in 0..100 {
            let filter = crate::domain::filter::Filter {
                id: FilterId(id),
                phrase: format!("word {id}"),
                effect: Effect::Hide,
                until: None,
            };
            filters::upsert(db, me, &filter, now)?;
        }
        Ok(())
    })
    .await;
    let refused = set(&hall, anna, "more", Effect::Hide).await.unwrap_err();
    assert_eq!(refused.code, "filter.too_many");
    set(&hall, anna, "word 7", Effect::Warn).await.unwrap();
});

db_test!(posts_in_other_languages_are_left_out, |store| {
    let hall = Hall::new(store).await;
    let (anna, ben) = (hall.person("anna").await, hall.person("ben").await);
    let group = hall.group("tea", anna).await;
    let languages = ["de", "de-AT", "den", "fr", ""];
    for language in languages {
        let post = CreatePost {
            language: Some(language.to_owned()).filter(|tag| !tag.is_empty()),
            ..text_post(group, &format!("Tea {language}"), "Words.")
        };
        hall.run(ben, post).await.unwrap();
    }
    let titles = async |who| {
        let found = feed(&hall, who, group).await;
        found
            .into_iter()
            .map(|(title, _)| title)
            .collect::<Vec<_>>()
    };
    assert_eq!(titles(anna).await.len(), 5);
    let german = SetReadingLanguages {
        languages: vec!["DE".to_owned(), "de".to_owned()],
    };
    hall.run(anna, german.clone()).await.unwrap();
    hall.run(ben, german).await.unwrap();
    assert_eq!(titles(anna).await, ["Tea", "Tea de", "Tea de-AT"]);
    assert_eq!(titles(ben).await.len(), 5, "their own posts they see");
    let none = SetReadingLanguages { languages: vec![] };
    hall.run(anna, none).await.unwrap();
    assert_eq!(titles(anna).await.len(), 5);
    let wrong = SetReadingLanguages {
        languages: vec!["no language".to_owned()],
    };
    let refused = hall.run(anna, wrong).await.unwrap_err();
    assert_eq!(refused.code, "language.tag");
});
