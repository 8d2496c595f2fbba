//! Collections as peers fetch them (federation.md 6). Those that Lemmy reads stand inline and
//! unpaged, with paging beside them for others.

use activitypub_federation::kinds::collection::{
    CollectionPageType, CollectionType, OrderedCollectionPageType, OrderedCollectionType,
};
use serde_json::{Value, json};

use super::parts::{Replies, put, set};

/// One page of a collection, by keyset: what is added meanwhile shifts nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Page {
    /// The page's address.
    pub(crate) uri: String,
    /// The collection it belongs to.
    pub(crate) part_of: String,
    /// Ids or whole documents.
    pub(crate) items: Vec<Value>,
    /// The page after it.
    pub(crate) next: Option<String>,
}

/// An ordered collection with everything inside, as for `featured` and profile outboxes.
fn ordered(uri: &str, items: &[Value]) -> Value {
    json!({
        "id": uri, "type": OrderedCollectionType::OrderedCollection, "totalItems": items.len(),
        "orderedItems": items,
    })
}

/// An ordered collection of which nothing is listed but how much is in it: a person's outbox.
pub(crate) fn unlisted(uri: &str, total: u64) -> Value {
    json!({
        "id": uri, "type": OrderedCollectionType::OrderedCollection, "totalItems": total,
        "orderedItems": [],
    })
}

/// One page.
pub(crate) fn page(page: &Page) -> Value {
    let mut document = json!({
        "id": page.uri, "type": OrderedCollectionPageType::OrderedCollectionPage,
        "partOf": page.part_of, "orderedItems": page.items,
    });
    put(&mut document, "next", page.next.as_ref());
    document
}

/// One page of answers, in the form of the first, which stands inside the thing that is answered.
pub(crate) fn replies_page(page: &Page) -> Value {
    let mut document = json!({
        "id": page.uri, "type": CollectionPageType::CollectionPage,
        "partOf": page.part_of, "items": page.items,
    });
    put(&mut document, "next", page.next.as_ref());
    document
}

/// A group's outbox: at most twenty Announces of Creates, newest first. Lemmy drops the whole list
/// for one item that it cannot read, so it holds articles and pages only (s160).
pub(crate) fn outbox(uri: &str, announces: &[Value], total: u64) -> Value {
    let announces: Vec<&Value> = announces.iter().take(20).collect();
    json!({
        "id": uri, "type": OrderedCollectionType::OrderedCollection, "totalItems": total,
        "first": format!("{uri}?page=1"), "orderedItems": announces,
    })
}

/// A group's pinned posts, whole, at most twenty.
pub(crate) fn featured(uri: &str, posts: &[Value]) -> Value {
    ordered(uri, posts.get(..20).unwrap_or(posts))
}

/// A group's moderators, all of them, by id.
pub(crate) fn moderators(uri: &str, people: &[String]) -> Value {
    let people: Vec<Value> = people.iter().map(|person| json!(person)).collect();
    ordered(uri, &people)
}

/// Followers: how many, if that is shown, and never who (s162). Lemmy wants the empty list.
pub(crate) fn followers(uri: &str, total: Option<u64>) -> Value {
    let mut document = totals(uri, total.unwrap_or_default());
    if let Some(fields) = document.as_object_mut() {
        fields.insert("items".to_owned(), json!([]));
        if total.is_none() {
            fields.remove("totalItems");
        }
    }
    document
}

/// Votes and boosts: how many, never whose.
pub(crate) fn totals(uri: &str, total: u64) -> Value {
    json!({"id": uri, "type": CollectionType::Collection, "totalItems": total})
}

/// Direct answers, the first page inside.
pub(crate) fn replies(replies: &Replies) -> Value {
    replies.document()
}

/// A thread as FEP-7888 has it: the root first, then in order of time. Up to two hundred ids stand
/// inside; beyond that the pages are asked for.
pub(crate) fn context_collection(
    uri: &str,
    url: &str,
    owner: Option<&str>,
    ids: &[String],
    total: u64,
) -> Value {
    let mut document = json!({
        "id": uri, "type": OrderedCollectionType::OrderedCollection, "url": url,
        "totalItems": total,
    });
    put(&mut document, "attributedTo", owner);
    if total <= 200 {
        set(&mut document, "orderedItems", json!(ids));
    } else {
        set(&mut document, "first", json!(format!("{uri}?page=1")));
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::federation::wire;

    #[test]
    fn s160_an_outbox_stands_inline_with_at_most_twenty_items_and_a_first_page() {
        let many: Vec<Value> = (0..30)
            .map(|n| json!({"id": format!("https://h/{n}"), "type": "Announce"}))
            .collect();
        let document = outbox("https://h/c/tea/outbox", &many, 30);
        assert_eq!(document["orderedItems"].as_array().unwrap().len(), 20);
        assert_eq!(
            (&document["totalItems"], &document["first"]),
            (&json!(30), &json!("https://h/c/tea/outbox?page=1"))
        );
        assert!(document.get("items").is_none());
    }

    #[test]
    fn s161_what_lemmy_reads_is_ordered_and_inline() {
        let document = moderators("https://h/c/tea/moderators", &["https://h/u/ann".into()]);
        assert_eq!(
            document,
            json!({"id": "https://h/c/tea/moderators", "type": "OrderedCollection", "totalItems": 1, "orderedItems": ["https://h/u/ann"]})
        );
        assert_eq!(featured("https://h/f", &[])["orderedItems"], json!([]));
        assert_eq!(
            featured("https://h/f", &vec![json!({}); 30])["totalItems"],
            20
        );
    }

    #[test]
    fn s162_followers_are_counted_and_not_named() {
        assert_eq!(
            followers("https://h/f", Some(7)),
            json!({"id": "https://h/f", "type": "Collection", "totalItems": 7, "items": []})
        );
        assert!(totals("https://h/likes", 7).get("items").is_none());
    }

    #[test]
    fn s163_a_long_thread_is_paged_and_belongs_to_its_group() {
        let short = context_collection(
            "https://h/post/1/context",
            "https://h/post/1",
            Some("https://h/c/tea"),
            &["https://h/post/1".into()],
            1,
        );
        assert_eq!(
            (&short["orderedItems"], &short["attributedTo"]),
            (&json!(["https://h/post/1"]), &json!("https://h/c/tea"))
        );
        let long = context_collection(
            "https://h/post/1/context",
            "https://h/post/1",
            None,
            &[],
            201,
        );
        assert_eq!(long["first"], "https://h/post/1/context?page=1");
        assert!(long.get("orderedItems").is_none() && long.get("attributedTo").is_none());
    }

    #[test]
    fn what_is_written_is_read_back() {
        let written = page(&Page {
            uri: "https://h/o?page=1".into(),
            part_of: "https://h/o".into(),
            items: vec![json!("https://h/1")],
            next: Some("https://h/o?page=2".into()),
        });
        let read = wire::Collection::from_value(&written).unwrap();
        assert_eq!(
            (read.ids().collect::<Vec<_>>(), read.next.as_deref()),
            (vec!["https://h/1"], Some("https://h/o?page=2"))
        );
    }
}
