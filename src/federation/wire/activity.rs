//! The envelope of every activity. What is inside stays a [`Ref`] until someone knows whether it
//! may be believed; the raw document stays with whoever received it.

use serde_json::Value;

use crate::domain::clock::Ts;

use super::lenient::Fields;
use super::malformed::Malformed;
use super::reference::Ref;
use super::tag::Tag;

/// Elements of one `object`: a batch of announced activities or of reported things.
const OBJECTS: usize = 100;

/// Types that an array of types is searched for (security.md H70).
const KNOWN: [&str; 30] = [
    "Create",
    "Update",
    "Delete",
    "Undo",
    "Announce",
    "Follow",
    "Accept",
    "Reject",
    "TentativeAccept",
    "Like",
    "Dislike",
    "EmojiReact",
    "Flag",
    "Block",
    "Add",
    "Remove",
    "Lock",
    "Move",
    "Join",
    "Leave",
    "Invite",
    "QuoteRequest",
    "Resolve",
    "Warn",
    "PollVote",
    "ChooseAnswer",
    "Ignore",
    "View",
    "ApproveReply",
    "RejectReply",
];

/// One activity as its sender worded it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Activity {
    /// Absolute http(s) id; empty only in an inner activity whose sender gave none.
    pub(crate) id: String,
    /// `type`, not limited to the ones that Guildhall knows.
    pub(crate) kind: String,
    /// Id of the actor; empty only in an inner activity that names nobody.
    pub(crate) actor: String,
    /// `object`, one or many, at most 100; of an announced collection its items.
    pub(crate) objects: Vec<Ref>,
    /// Where something is added, moved to or banned from.
    pub(crate) target: Option<Ref>,
    /// Where something is moved from.
    pub(crate) origin: Option<Ref>,
    /// The quoting note of a `QuoteRequest`.
    pub(crate) instrument: Option<Ref>,
    /// The stamp of an `Accept` for a quote or reply.
    pub(crate) result: Option<String>,
    /// Primary recipients, the public collection spelled out.
    pub(crate) to: Vec<String>,
    /// Secondary recipients.
    pub(crate) cc: Vec<String>,
    /// The groups that the sender says it is for; a request, never a proof (pitfall P35).
    pub(crate) audience: Vec<String>,
    /// Mentions and custom emoji of the activity itself.
    pub(crate) tags: Vec<Tag>,
    /// A reason. `Some("")` on a Delete is a moderator's removal for Lemmy (pitfall P15).
    pub(crate) summary: Option<String>,
    /// An emoji, or the words of a report.
    pub(crate) content: Option<String>,
    /// The answer that a `PollVote` chooses, as `PieFed` names it.
    pub(crate) choice: Option<String>,
    /// When it was done, as the sender says.
    pub(crate) published: Option<Ts>,
    /// When it was last changed.
    pub(crate) updated: Option<Ts>,
    /// When a ban ends: `endTime`, else `expires`.
    pub(crate) end_time: Option<Ts>,
    /// A ban or account deletion that also takes the content away.
    pub(crate) remove_data: bool,
    /// A removal that takes the answers along (Lemmy 1.0).
    pub(crate) with_replies: bool,
    /// Whether an FEP-8b32 proof came along: such a document is passed on untouched.
    pub(crate) has_proof: bool,
}

impl Activity {
    /// The activity that was posted to an inbox: its id and its actor must be usable.
    pub(crate) fn from_value(value: &Value) -> Result<Self, Malformed> {
        let activity = Self::inner(value)?;
        if activity.id.is_empty() {
            return Err(Malformed::Missing("id"));
        }
        if !named(value, "actor") || activity.actor.is_empty() {
            return Err(Malformed::Missing("actor"));
        }
        Ok(activity)
    }

    /// An activity inside another: peers leave out the id (Undo) or the actor (`WordPress`, where
    /// the author of the object stands for it).
    pub(crate) fn inner(value: &Value) -> Result<Self, Malformed> {
        let fields = Fields::of(value)?;
        let kind = fields.kind(&KNOWN).ok_or(Malformed::Missing("type"))?;
        let objects = objects(fields);
        Ok(Self {
            id: fields
                .text("id")
                .and_then(|id| super::lenient::absolute(&id))
                .unwrap_or_default(),
            actor: actor(fields, &objects),
            target: fields.reference("target"),
            origin: fields.reference("origin"),
            instrument: fields.reference("instrument"),
            result: fields.uri("result"),
            to: fields.recipients("to")?,
            cc: fields.recipients("cc")?,
            audience: fields.recipients("audience")?,
            tags: Tag::read_all(fields),
            summary: fields.text("summary"),
            content: fields.text("content"),
            choice: fields.text("choice_text"),
            published: fields.time("published"),
            updated: fields.time("updated"),
            end_time: fields.time("endTime").or_else(|| fields.time("expires")),
            remove_data: fields.flag("removeData").unwrap_or(false),
            with_replies: fields.flag("withReplies").unwrap_or(false),
            has_proof: fields.has("proof"),
            kind,
            objects,
        })
    }

    /// The one thing it is about, or the first of several.
    pub(crate) fn object(&self) -> Option<&Ref> {
        self.objects.first()
    }

    /// Id of the one thing it is about.
    pub(crate) fn object_id(&self) -> Option<&str> {
        self.object()?.id()
    }

    /// The activity inside, for Undo, Accept, Reject and Announce, when it came along.
    #[cfg(test)]
    pub(crate) fn inner_activity(&self) -> Option<Result<Self, Malformed>> {
        self.object()?.embedded().map(Self::inner)
    }

    /// Everybody it is addressed to, groups first asked for.
    #[cfg(test)]
    pub(crate) fn recipients(&self) -> impl Iterator<Item = &str> {
        self.audience
            .iter()
            .chain(&self.to)
            .chain(&self.cc)
            .map(String::as_str)
    }
}

/// Whether the field is there as exactly one name: an array of two actors is nobody (H72).
fn named(value: &Value, key: &str) -> bool {
    Fields::of(value).is_ok_and(|fields| fields.only_uri(key).is_some())
}

fn actor(fields: Fields<'_>, objects: &[Ref]) -> String {
    fields
        .only_uri("actor")
        .or_else(|| fields.only_uri("attributedTo"))
        .or_else(|| {
            Fields::of(objects.first()?.embedded()?)
                .ok()?
                .only_uri("attributedTo")
        })
        .unwrap_or_default()
}

/// `object` as a list; a collection inside an Announce is a batch, as `PieFed` sends it.
fn objects(fields: Fields<'_>) -> Vec<Ref> {
    let objects = fields.refs("object", OBJECTS);
    let [Ref::Embedded(only)] = objects.as_slice() else {
        return objects;
    };
    let Ok(inner) = Fields::of(only) else {
        return objects;
    };
    match inner.kind(&[]).as_deref() {
        Some("OrderedCollection") => inner.refs("orderedItems", OBJECTS),
        Some("Collection") => inner.refs("items", OBJECTS),
        _ => objects,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

    #[test]
    fn a_create_is_read_with_everything_that_routes_it() {
        let activity = Activity::from_value(&json!({
            "id": "https://l/activities/create/1", "type": "Create", "actor": "https://l/u/a",
            "to": ["https://h/c/tea", "as:Public"], "cc": "https://l/u/b", "audience": "https://h/c/tea",
            "published": "2026-01-01T00:00:00Z", "object": {"id": "https://l/post/1", "type": "Page"}
        }))
        .unwrap();
        assert_eq!(activity.object_id(), Some("https://l/post/1"));
        assert_eq!(activity.to, ["https://h/c/tea", PUBLIC]);
        assert_eq!(activity.recipients().next(), Some("https://h/c/tea"));
        assert!(activity.published.is_some() && !activity.has_proof);
    }

    fn like() -> Value {
        json!({"id": "https://l/1", "type": "Like", "actor": "https://l/u/a", "object": "https://h/post/1"})
    }

    fn changed(good: &Value, key: &str, value: Value) -> Result<Activity, Malformed> {
        let mut changed = good.clone();
        changed[key] = value;
        Activity::from_value(&changed)
    }

    #[test]
    fn broken_envelopes_meet_the_table_of_security_3_2() {
        let good = like();
        let with = |key: &str, value: Value| changed(&good, key, value);
        let long = format!("https://l/{}", "x".repeat(4096));
        for id in [
            json!(null),
            json!("relative"),
            json!(5),
            json!("javascript:1"),
            json!(long),
            json!("https://l/a b"),
        ] {
            assert_eq!(
                with("id", id.clone()),
                Err(Malformed::Missing("id")),
                "H71 {id}"
            );
        }
        assert!(
            with("id", json!("https://l/u/a#likes/1")).is_ok(),
            "H71 fragments are Mastodon's habit"
        );
        for kind in [json!(null), json!(7), json!([]), json!({})] {
            assert_eq!(
                with("type", kind.clone()),
                Err(Malformed::Missing("type")),
                "H70 {kind}"
            );
        }
        assert_eq!(
            with("type", json!(["Create", "Note"])).unwrap().kind,
            "Create",
            "H70"
        );
        assert_eq!(
            with("type", json!("Frobnicate")).unwrap().kind,
            "Frobnicate",
            "H70: for the inbox to drop"
        );
    }

    #[test]
    fn broken_actors_and_objects_meet_the_table_of_security_3_2() {
        let good = like();
        let with = |key: &str, value: Value| changed(&good, key, value);
        for actor in [
            json!(null),
            json!(["https://l/u/a", "https://l/u/b"]),
            json!(5),
            json!({}),
        ] {
            assert_eq!(
                with("actor", actor.clone()),
                Err(Malformed::Missing("actor")),
                "H72 {actor}"
            );
        }
        for actor in [
            json!({"id": "https://l/u/a", "type": "Person"}),
            json!(["https://l/u/a"]),
        ] {
            assert_eq!(with("actor", actor).unwrap().actor, "https://l/u/a", "H72");
        }
        for object in [
            json!(null),
            json!({}),
            json!(8),
            json!("nonsense"),
            json!([]),
        ] {
            assert_eq!(
                with("object", object.clone()).unwrap().object(),
                None,
                "H73 {object}"
            );
        }
        let many: Vec<_> = (0..5000).map(|n| format!("https://h/post/{n}")).collect();
        assert_eq!(
            with("object", json!(many)).unwrap().objects.len(),
            100,
            "H73"
        );
        assert_eq!(
            Activity::from_value(&json!([])),
            Err(Malformed::NotAnObject)
        );
    }

    #[test]
    fn a_batch_in_an_announce_is_flattened() {
        let like = |n: u8| json!({"id": format!("https://p/{n}"), "type": "Like", "actor": "https://p/u/a", "object": "https://h/post/1"});
        for object in [
            json!([like(1), like(2), like(3)]),
            json!({"type": "OrderedCollection", "orderedItems": [like(1), like(2), like(3)]}),
        ] {
            let value = json!({"id": "https://p/b", "type": "Announce", "actor": "https://p/c/x", "object": object});
            assert_eq!(
                Activity::from_value(&value).unwrap().objects.len(),
                3,
                "s128"
            );
        }
    }

    #[test]
    fn an_inner_activity_may_lack_its_id_and_its_actor() {
        let value = json!({"id": "https://w/1", "type": "Announce", "actor": "https://w/?author=0",
            "object": {"type": "Update", "object": {"id": "https://w/2", "type": "Article", "attributedTo": "https://w/?author=1"}}});
        let inner = Activity::from_value(&value)
            .unwrap()
            .inner_activity()
            .unwrap()
            .unwrap();
        assert_eq!(
            (inner.id.as_str(), inner.actor.as_str()),
            ("", "https://w/?author=1")
        );
    }

    #[test]
    fn an_empty_summary_differs_from_none() {
        let value = |summary: Value| json!({"id": "https://l/1", "type": "Delete", "actor": "https://l/u/a", "object": "https://l/post/1", "summary": summary});
        assert_eq!(
            Activity::from_value(&value(json!("")))
                .unwrap()
                .summary
                .as_deref(),
            Some("")
        );
        assert_eq!(
            Activity::from_value(&value(json!(null))).unwrap().summary,
            None
        );
    }
}
