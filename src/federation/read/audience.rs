//! Which groups a document asks for, in the order in which they are heard (federation.md 4.0.5),
//! and whether it is for everybody.

use super::super::wire::address::{self, Visibility};
use super::super::wire::{Activity, Object, Ref, Tag};
use crate::domain::actor::Actor;

/// Somebody who may be the group that a document is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// The id of a group, of its page, or of its followers or other collection.
    pub(crate) uri: String,
}

/// Everybody who may be the group: `audience`, then targets, then `to` and `cc`, then mentions, then
/// the conversation. The first that names a group decides; there are at most `most`.
pub(crate) fn candidates(
    activity: Option<&Activity>,
    object: &Object,
    most: u16,
) -> Vec<Candidate> {
    let mut uris: Vec<String> = Vec::new();
    uris.extend(object.audience.iter().cloned());
    uris.extend(activity.iter().flat_map(|a| a.audience.iter().cloned()));
    let targets = activity
        .and_then(|a| a.target.as_ref())
        .into_iter()
        .chain(&object.target);
    uris.extend(targets.flat_map(target_uris));
    uris.extend(object.to.iter().cloned());
    uris.extend(activity.iter().flat_map(|a| a.to.iter().cloned()));
    uris.extend(object.cc.iter().cloned());
    uris.extend(activity.iter().flat_map(|a| a.cc.iter().cloned()));
    uris.extend(object.tags.iter().filter_map(|tag| match tag {
        Tag::Mention { href, .. } => Some(href.clone()),
        _ => None,
    }));
    uris.extend(object.context.clone());
    let mut seen = std::collections::HashSet::new();
    uris.retain(|uri| !address::is_public(uri) && seen.insert(uri.clone()));
    uris.into_iter()
        .take(most.into())
        .map(|uri| Candidate { uri })
        .collect()
}

/// A target is a collection: its own id, and whose it says it is (FEP-400e).
fn target_uris(target: &Ref) -> Vec<String> {
    let owner = target
        .embedded()
        .and_then(|value| value.get("attributedTo")?.as_str());
    [target.id(), owner]
        .into_iter()
        .flatten()
        .map(str::to_owned)
        .collect()
}

/// Whether an object may stand in a group as it is addressed: in a public group what everybody may
/// read, in a private one of ours what is for its members alone. What a private group elsewhere
/// passes on is for its members, however its author addressed it.
pub(crate) fn is_for(group: &Actor, activity: Option<&Activity>, object: &Object) -> bool {
    let members = group
        .followers
        .clone()
        .unwrap_or_else(|| format!("{}/followers", group.uri));
    let found = visibility(activity, object, &members);
    match (group.is_private_group(), group.local) {
        (false, _) => found.is_public(),
        (true, true) => found == Visibility::Followers,
        (true, false) => found >= Visibility::Followers,
    }
}

/// Whether everybody may read the object, as it is addressed.
pub(crate) fn is_public(activity: Option<&Activity>, object: &Object) -> bool {
    visibility(activity, object, "").is_public()
}

/// How far the object travels; an activity that is addressed more narrowly does not publish it.
fn visibility(activity: Option<&Activity>, object: &Object, members: &str) -> Visibility {
    let seen = |to: &[String], cc: &[String]| {
        let addressed = !to.is_empty() || !cc.is_empty();
        addressed.then(|| address::visibility(to, cc, &[members]))
    };
    let of_activity = activity.and_then(|a| seen(&a.to, &a.cc));
    match (of_activity, seen(&object.to, &object.cc)) {
        (Some(one), Some(other)) => address::stricter(one, other),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => Visibility::Direct,
    }
}

/// Everybody to whom the object or its activity is addressed, each once.
pub(crate) fn addressed<'a>(
    activity: &'a Activity,
    object: &'a Object,
) -> impl Iterator<Item = String> + 'a {
    let mut seen = std::collections::HashSet::new();
    let everybody = [&object.to, &activity.to, &object.cc, &activity.cc];
    let uris = everybody.into_iter().flatten();
    uris.filter(move |uri| seen.insert(*uri)).cloned()
}

/// Whether the object is for those whom it names and nobody else: neither for the public nor for
/// the followers of its author.
pub(crate) fn is_direct(activity: &Activity, object: &Object, author: &Actor) -> bool {
    let followers = author.followers.clone();
    let guessed = format!("{}/followers", author.uri);
    addressed(activity, object)
        .all(|uri| !address::is_public(&uri) && Some(&uri) != followers.as_ref() && uri != guessed)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

    #[expect(clippy::needless_pass_by_value, reason = "called with json! literals")]
    fn object(fields: Value) -> Object {
        let mut value = json!({"id": "https://m/1", "type": "Note"});
        for (key, field) in fields.as_object().unwrap() {
            value[key] = field.clone();
        }
        Object::from_value(&value).unwrap()
    }

    fn uris(activity: Option<&Activity>, object: &Object) -> Vec<String> {
        candidates(activity, object, 60)
            .into_iter()
            .map(|c| c.uri)
            .collect()
    }

    #[test]
    fn the_audience_goes_before_recipients_and_mentions() {
        let note = object(
            json!({"to": [PUBLIC, "https://h/c/b"], "cc": "https://h/c/c/followers",
            "audience": "https://h/c/a", "tag": {"type": "Mention", "href": "https://h/c/d"},
            "context": "https://h/post/1/context"}),
        );
        assert_eq!(
            uris(None, &note),
            [
                "https://h/c/a",
                "https://h/c/b",
                "https://h/c/c/followers",
                "https://h/c/d",
                "https://h/post/1/context"
            ]
        );
    }

    #[test]
    fn a_target_collection_names_its_owner() {
        let note = object(
            json!({"target": {"type": "Collection", "id": "https://h/c/a/x", "attributedTo": "https://h/c/a"}}),
        );
        assert_eq!(uris(None, &note), ["https://h/c/a/x", "https://h/c/a"]);
    }

    fn group(private: bool, local: bool) -> Actor {
        let mut group = crate::operations::testing::group_at("https://h/c/tea", local);
        group.manually_approves = private;
        group
    }

    #[test]
    fn only_what_both_address_to_the_public_is_public() {
        let create = |to: Value| {
            Activity::from_value(
                &json!({"id": "https://m/c", "type": "Create", "actor": "https://m/a",
                "to": to, "object": "https://m/1"}),
            )
            .unwrap()
        };
        let tea = group(false, true);
        let open = object(json!({"to": PUBLIC}));
        let direct = object(json!({"to": ["https://h/u/ben"], "cc": []}));
        assert!(is_for(&tea, Some(&create(json!([PUBLIC]))), &open));
        assert!(
            is_for(&tea, Some(&create(json!(null))), &open),
            "an activity without recipients"
        );
        assert!(!is_for(&tea, Some(&create(json!([PUBLIC]))), &direct));
        assert!(!is_for(
            &tea,
            Some(&create(json!(["https://h/u/ben"]))),
            &open
        ));
        assert!(!is_for(&tea, None, &object(json!({}))));
    }

    #[test]
    fn s063_a_private_group_takes_what_is_for_its_members_alone() {
        let members = object(json!({"to": ["https://h/c/tea", "https://h/c/tea/followers"]}));
        let open = object(json!({"to": ["https://h/c/tea", PUBLIC]}));
        let direct = object(json!({"to": ["https://h/c/tea"]}));
        let others = object(json!({"to": ["https://h/c/tea", "https://m/a/followers"]}));
        for (private, local, object, taken) in [
            (true, true, &members, true),
            (true, true, &open, false),
            (true, true, &direct, false),
            (true, true, &others, false),
            (true, false, &members, true),
            (true, false, &open, true),
            (true, false, &direct, false),
            (false, true, &members, false),
            (false, false, &open, true),
        ] {
            let group = group(private, local);
            assert_eq!(
                is_for(&group, None, object),
                taken,
                "private: {private}, local: {local}, {:?}",
                object.to
            );
        }
    }
}
