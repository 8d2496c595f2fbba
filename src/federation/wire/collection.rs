//! Collections and their pages, ordered or not, inline or paged, in one struct.

use serde_json::Value;

use super::lenient::Fields;
use super::malformed::Malformed;
use super::reference::Ref;

/// Items that are taken from one document.
const ITEMS: usize = 1_000;

/// One collection, or one page of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Collection {
    /// Its id, if it has one.
    pub(crate) id: Option<String>,
    /// `totalItems`.
    pub(crate) total_items: Option<u64>,
    /// Its own items, and after them those of a first page that came along.
    pub(crate) items: Vec<Ref>,
    /// What to fetch for more, if anything: `first` by id, or `next` of what is here.
    pub(crate) next: Option<String>,
    /// Whose it is: `attributedTo`, or an inverse property of FEP-5711.
    pub(crate) attributed_to: Option<String>,
    /// The collection that a page belongs to.
    pub(crate) part_of: Option<String>,
}

impl Collection {
    /// The collection in a document. A bare array is one too: Mbin answers `[]` for an outbox.
    pub(crate) fn from_value(value: &Value) -> Result<Self, Malformed> {
        if let Value::Array(values) = value {
            let items = values.iter().filter_map(Ref::read).take(ITEMS).collect();
            return Ok(Self {
                items,
                ..Self::default()
            });
        }
        let fields = Fields::of(value)?;
        let kind = fields.kind(&[]).ok_or(Malformed::Missing("type"))?;
        if !matches!(
            kind.as_str(),
            "Collection" | "OrderedCollection" | "CollectionPage" | "OrderedCollectionPage"
        ) {
            return Err(Malformed::UnknownType(kind));
        }
        let first = fields.reference("first");
        let page = first
            .as_ref()
            .and_then(Ref::embedded)
            .and_then(|page| Fields::of(page).ok());
        let mut items = items(fields);
        items.extend(page.map(self::items).unwrap_or_default());
        items.truncate(ITEMS);
        let first_id = || {
            first
                .as_ref()
                .filter(|_| page.is_none() && items.is_empty())
                .and_then(Ref::id)
        };
        Ok(Self {
            id: fields.uri("id"),
            total_items: fields.count("totalItems"),
            next: fields
                .uri("next")
                .or_else(|| page?.uri("next"))
                .or_else(|| first_id().map(str::to_owned)),
            attributed_to: owner(fields),
            part_of: fields.uri("partOf"),
            items,
        })
    }

    /// The ids of the items, embedded or not.
    #[cfg(test)]
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.items.iter().filter_map(Ref::id)
    }
}

fn items(fields: Fields<'_>) -> Vec<Ref> {
    let ordered = fields.refs("orderedItems", ITEMS);
    if ordered.is_empty() {
        fields.refs("items", ITEMS)
    } else {
        ordered
    }
}

fn owner(fields: Fields<'_>) -> Option<String> {
    [
        "attributedTo",
        "followersOf",
        "outboxOf",
        "repliesOf",
        "followingOf",
        "likesOf",
        "sharesOf",
    ]
    .iter()
    .find_map(|key| fields.uri(key))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn inline_items_are_read_in_order() {
        let read = Collection::from_value(
            &json!({"type": "OrderedCollection", "id": "https://p/c/x/moderators", "totalItems": 2,
            "orderedItems": ["https://p/u/a", {"id": "https://p/u/b", "type": "Person"}, 7]}),
        )
        .unwrap();
        assert_eq!(
            read.ids().collect::<Vec<_>>(),
            ["https://p/u/a", "https://p/u/b"]
        );
        assert_eq!((read.total_items, read.next), (Some(2), None));
    }

    #[test]
    fn a_first_page_that_came_along_is_used_and_its_next_followed() {
        let read = Collection::from_value(&json!({"type": "Collection", "id": "https://m/1/replies",
            "first": {"type": "CollectionPage", "partOf": "https://m/1/replies", "items": ["https://m/2"], "next": "https://m/1/replies?page=2"}})).unwrap();
        assert_eq!(
            (read.ids().collect::<Vec<_>>(), read.next.as_deref()),
            (vec!["https://m/2"], Some("https://m/1/replies?page=2"))
        );
    }

    #[test]
    fn a_first_page_by_id_is_what_to_fetch_next_unless_all_is_here() {
        let paged = json!({"type": "OrderedCollection", "totalItems": 90, "first": "https://m/outbox?page=1"});
        assert_eq!(
            Collection::from_value(&paged).unwrap().next.as_deref(),
            Some("https://m/outbox?page=1")
        );
        let inline = json!({"type": "OrderedCollection", "first": "https://g/outbox?page=1", "orderedItems": ["https://g/1"]});
        assert_eq!(Collection::from_value(&inline).unwrap().next, None);
    }

    #[test]
    fn s165_a_bare_empty_array_is_an_empty_collection() {
        assert_eq!(
            Collection::from_value(&json!([])),
            Ok(Collection::default())
        );
        assert_eq!(
            Collection::from_value(&json!({"type": "Note"})),
            Err(Malformed::UnknownType("Note".into()))
        );
    }
}
