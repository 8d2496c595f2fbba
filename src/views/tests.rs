//! What holds for all views.

use crate::domain::ids::ObjectId;
use crate::domain::page::PageRequest;
use crate::domain::post::Sort;
use crate::domain::reading::CommentSort;
use crate::operations::quote::QuoteComment;
use crate::operations::testing::{Hall, answer};
use crate::store::testing::{count_queries, db_test};

use super::feed::{self, Feed};
use super::thread::{self, Wanted};

db_test!(
    a_page_takes_the_same_number_of_queries_however_long,
    |store| {
        let hall = Hall::new(store).await;
        let anna = hall.person("anna").await;
        let group = hall.group("drivers", anna).await;
        let viewer = anna.actor();
        let opening = hall.post(anna, group, "The long thread").await;
        let mut counts = Vec::new();
        for round in 0..2 {
            for n in 0..5 {
                let author = hall.remote(&format!("p{round}-{n}@peer.test")).await;
                hall.post(author, group, "A post").await;
                let quoting = QuoteComment {
                    comment: answer(ObjectId::Post(opening), "An answer"),
                    quote: Some(format!("http://hub.test/post/{opening}")),
                    stamp: None,
                };
                hall.run(anna, quoting).await.unwrap();
            }
            let count = hall
                .read(move |db| {
                    Ok(count_queries(db, |db| {
                        let page = PageRequest::first(50);
                        let feed = feed::page(db, viewer, Feed::Group(group), Sort::Hot, page);
                        let thread = thread::thread(db, viewer, opening, page);
                        let wanted = Wanted {
                            sort: CommentSort::Best,
                            focus: None,
                            after: None,
                            limit: 50,
                        };
                        let read = thread::read(db, viewer, opening, wanted).unwrap();
                        assert_eq!(read.comments.len(), 5 * (round + 1));
                        let quotes = read.comments.iter().flat_map(|card| &card.quote);
                        assert!(quotes.filter(|quote| quote.text.is_some()).count() > 0);
                        let length = 5 * (round + 1);
                        assert_eq!(feed.unwrap().items.len(), length + 1);
                        assert_eq!(thread.unwrap().comments.items.len(), length);
                    }))
                })
                .await;
            counts.push(count);
        }
        assert!((4..70).contains(&counts[0]), "{counts:?}");
        assert_eq!(counts[0], counts[1], "no query in a loop");
    }
);
