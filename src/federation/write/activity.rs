//! Activities as we word them. The forms are those that the strictest receiver of each takes:
//! embedded in Accept and Undo, an id string in votes and governance (federation.md 4.0.1).

use std::fmt::Display;

use activitypub_federation::kinds::activity::{
    AcceptType, AddType, AnnounceType, BlockType, CreateType, DeleteType, DislikeType, FlagType,
    FollowType, LikeType, RejectType, RemoveType, UndoType, UpdateType,
};
use activitypub_federation::kinds::object::{NoteType, TombstoneType};
use serde_json::{Value, json};

use super::address::{Addressing, GroupRef};
use super::parts::{put, set};
use crate::domain::clock::Ts;

/// What every activity says: which, by whom, for whom, when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Envelope {
    /// Its id, which answers when it is fetched.
    pub(crate) id: String,
    /// Who acts, and signs the request.
    pub(crate) actor: String,
    /// For whom.
    pub(crate) addressing: Addressing,
    /// When; never before the object's own time (P29).
    pub(crate) published: Ts,
}

impl Envelope {
    fn wrap(&self, kind: &dyn Display, object: Value) -> Value {
        let mut document = json!({"id": self.id, "type": kind.to_string(), "actor": self.actor});
        self.addressing.write(&mut document);
        set(&mut document, "object", object);
        set(
            &mut document,
            "published",
            json!(self.published.rfc3339_micros()),
        );
        document
    }
}

/// The Follow or Join that an Accept or Reject answers, as it was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Echo {
    /// `Follow` or `Join`.
    pub(crate) kind: &'static str,
    /// Its id, exactly as received.
    pub(crate) id: String,
    /// Who asked.
    pub(crate) actor: String,
    /// Whom they asked to follow, or to what they want to come.
    pub(crate) object: String,
}

impl Echo {
    fn document(&self) -> Value {
        let mut document =
            json!({"id": self.id, "type": self.kind, "actor": self.actor, "object": self.object});
        if self.kind == "Follow" {
            set(&mut document, "to", json!([self.object]));
        }
        document
    }
}

/// The author's Create of a post or comment. Lemmy reads the mentions from the activity, too.
pub(crate) fn create(envelope: &Envelope, object: Value) -> Value {
    content(envelope, &CreateType::Create, object)
}

/// The author's Update with the whole object.
pub(crate) fn update(envelope: &Envelope, object: Value) -> Value {
    content(envelope, &UpdateType::Update, object)
}

fn content(envelope: &Envelope, kind: &dyn Display, object: Value) -> Value {
    let people = people(&object, envelope.addressing.audience.as_deref());
    let mut document = envelope.wrap(kind, object);
    if !people.is_empty() {
        set(&mut document, "tag", json!(people));
    }
    document
}

/// The mentions of people in a comment; those of the group stay on the object.
fn people(object: &Value, group: Option<&str>) -> Vec<Value> {
    let answers = object
        .get("inReplyTo")
        .is_some_and(|parent| !parent.is_null());
    let tags = object
        .get("tag")
        .and_then(Value::as_array)
        .filter(|_| answers);
    let person = |tag: &&Value| {
        let href = tag.get("href").and_then(Value::as_str);
        tag.get("type").and_then(Value::as_str) == Some("Mention") && href != group
    };
    tags.into_iter().flatten().filter(person).cloned().collect()
}

/// The author's Delete for forums: no `summary` at all, for with one it would be a moderator's
/// removal to Lemmy (P15).
pub(crate) fn delete(envelope: &Envelope, uri: &str) -> Value {
    envelope.wrap(&DeleteType::Delete, json!(uri))
}

/// The author's Delete for microblogs, which want to know what the thing was.
pub(crate) fn delete_as_tombstone(envelope: &Envelope, uri: &str, former_type: &str) -> Value {
    let tombstone = json!({"id": uri, "type": TombstoneType::Tombstone, "formerType": former_type});
    envelope.wrap(&DeleteType::Delete, tombstone)
}

/// A moderator's removal: always with a `summary`, an empty one if no reason was given.
pub(crate) fn delete_as_moderator(
    envelope: &Envelope,
    uri: &str,
    reason: &str,
    with_replies: bool,
) -> Value {
    let mut document = envelope.wrap(&DeleteType::Delete, json!(uri));
    set(&mut document, "summary", json!(reason));
    if with_replies {
        set(&mut document, "withReplies", json!(true));
    }
    document
}

/// The end of an account, by the account.
pub(crate) fn delete_account(envelope: &Envelope) -> Value {
    let mut document = envelope.wrap(&DeleteType::Delete, json!(envelope.actor));
    set(&mut document, "removeData", json!(true));
    document
}

/// Undo of an activity, which is embedded with its own id; its `@context` stays behind.
pub(crate) fn undo(envelope: &Envelope, mut inner: Value) -> Value {
    if let Some(fields) = inner.as_object_mut() {
        fields.shift_remove("@context");
    }
    envelope.wrap(&UndoType::Undo, inner)
}

/// The group passes on an activity, with everything in it as it was received or sent.
pub(crate) fn announce(envelope: &Envelope, inner: &Value) -> Value {
    envelope.wrap(&AnnounceType::Announce, inner.clone())
}

/// The group boosts a post, by id: microblogs fetch it from its origin anyway.
pub(crate) fn announce_object(envelope: &Envelope, uri: &str) -> Value {
    envelope.wrap(&AnnounceType::Announce, json!(uri))
}

/// Yes to a Follow or Join. Lemmy, Mbin and Misskey read the embedded Follow.
pub(crate) fn accept(envelope: &Envelope, asked: &Echo) -> Value {
    envelope.wrap(&AcceptType::Accept, asked.document())
}

/// No to a Follow or Join, or no longer.
pub(crate) fn reject(envelope: &Envelope, asked: &Echo) -> Value {
    envelope.wrap(&RejectType::Reject, asked.document())
}

/// The request that an answer to a quote repeats: ids alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct QuoteEcho {
    /// Its id, exactly as received.
    pub(crate) id: String,
    /// Who asked.
    pub(crate) quoter: String,
    /// What is to be quoted.
    pub(crate) object: String,
    /// The text that quotes it.
    pub(crate) instrument: String,
}

/// Yes to a quote, with the stamp that says so; without one, no (FEP-044f).
pub(crate) fn quote_answer(envelope: &Envelope, echo: &QuoteEcho, stamp: Option<&str>) -> Value {
    let request = json!({"id": echo.id, "type": "QuoteRequest", "actor": echo.quoter,
        "object": echo.object, "instrument": echo.instrument});
    match stamp {
        Some(stamp) => {
            let mut document = envelope.wrap(&AcceptType::Accept, request);
            set(&mut document, "result", json!(stamp));
            document
        }
        None => envelope.wrap(&RejectType::Reject, request),
    }
}

/// An author asks to quote something; the text that quotes comes along.
pub(crate) fn quote_request(envelope: &Envelope, uri: &str, instrument: Value) -> Value {
    let mut document = envelope.wrap(&"QuoteRequest", json!(uri));
    set(&mut document, "instrument", instrument);
    document
}

/// The stamp by which an author allows a quote: ids alone.
pub(crate) fn quote_stamp(stamp: &str, author: &str, quote: &str, quoted: &str) -> Value {
    json!({"id": stamp, "type": "QuoteAuthorization", "attributedTo": author,
        "interactingObject": quote, "interactionTarget": quoted})
}

/// Somebody has gone to another account.
pub(crate) fn move_account(envelope: &Envelope, target: &str) -> Value {
    let mut document = envelope.wrap(&"Move", json!(envelope.actor));
    set(&mut document, "target", json!(target));
    document
}

/// A thread has gone from one group to another: the post by its id, as PieFed reads it, or the whole
/// conversation, as NodeBB does.
pub(crate) fn move_thread(envelope: &Envelope, object: Value, origin: &str, target: &str) -> Value {
    let mut document = envelope.wrap(&"Move", object);
    set(&mut document, "origin", json!(origin));
    set(&mut document, "target", json!(target));
    document
}

/// A person asks to follow an actor.
pub(crate) fn follow(envelope: &Envelope, uri: &str) -> Value {
    envelope.wrap(&FollowType::Follow, json!(uri))
}

/// A person wants to come to an event.
pub(crate) fn join(envelope: &Envelope, event: &str) -> Value {
    envelope.wrap(&"Join", json!(event))
}

/// A person does not come to an event after all.
pub(crate) fn leave(envelope: &Envelope, event: &str) -> Value {
    envelope.wrap(&"Leave", json!(event))
}

/// A vote for a thing.
pub(crate) fn like(envelope: &Envelope, uri: &str) -> Value {
    envelope.wrap(&LikeType::Like, json!(uri))
}

/// A vote for a thing that says more with an emoji, as the Misskey family reads it.
pub(crate) fn like_with(envelope: &Envelope, uri: &str, content: &str) -> Value {
    let mut document = like(envelope, uri);
    set(&mut document, "content", json!(content));
    set(&mut document, "_misskey_reaction", json!(content));
    document
}

/// The same as the Pleroma family and PieFed read it.
pub(crate) fn emoji_react(envelope: &Envelope, uri: &str, content: &str) -> Value {
    let mut document = like(envelope, uri);
    set(&mut document, "type", json!("EmojiReact"));
    set(&mut document, "content", json!(content));
    document
}

/// A vote against a thing.
pub(crate) fn dislike(envelope: &Envelope, uri: &str) -> Value {
    envelope.wrap(&DislikeType::Dislike, json!(uri))
}

/// The Create of a private message, addressed as the message is.
pub(crate) fn letter(envelope: &Envelope, message: Value) -> Value {
    let to = message.get("to").cloned().unwrap_or_default();
    let mut document = envelope.wrap(&CreateType::Create, message);
    set(&mut document, "to", to);
    document
}

/// What somebody chose in a poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PollVote {
    /// An id for the choice; nobody fetches it.
    pub(crate) id: String,
    /// The poll.
    pub(crate) question: String,
    /// The text of the answer.
    pub(crate) choice: String,
}

/// A vote in a poll, for its author alone: a Note with a name and neither words nor time, for with
/// a time PieFed takes it for a comment (federation.md 4.15).
pub(crate) fn poll_vote(envelope: &Envelope, vote: &PollVote) -> Value {
    let mut note = json!({
        "id": vote.id, "type": NoteType::Note, "attributedTo": envelope.actor,
        "inReplyTo": vote.question, "name": vote.choice,
    });
    envelope.addressing.write(&mut note);
    let mut document = envelope.wrap(&CreateType::Create, note);
    if let Some(fields) = document.as_object_mut() {
        fields.shift_remove("published");
    }
    document
}

/// A report. One id is a string, as Lemmy wants it; several, as microblogs send them, the account
/// first. The reason stands in both fields that anybody reads.
pub(crate) fn flag(envelope: &Envelope, uris: &[&str], reason: &str) -> Value {
    let object = match uris {
        [uri] => json!(uri),
        uris => json!(uris),
    };
    let mut document = envelope.wrap(&FlagType::Flag, object);
    set(&mut document, "summary", json!(reason));
    set(&mut document, "content", json!(reason));
    document
}

/// A moderator is done with a report, which is embedded (Lemmy 1.0).
pub(crate) fn resolve(envelope: &Envelope, flag: Value) -> Value {
    envelope.wrap(&"Resolve", flag)
}

/// A ban from a group, or by an admin from this hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    /// Who is banned.
    pub(crate) person: String,
    /// The group's id, or that of this hub's own actor.
    pub(crate) target: String,
    /// Why; empty if nobody said.
    pub(crate) reason: String,
    /// Until when; for ever if `None`.
    pub(crate) until: Option<Ts>,
    /// Whether what they wrote goes, too.
    pub(crate) remove_data: bool,
}

/// A ban. Its end stands in both fields that anybody reads (federation.md 4.9).
pub(crate) fn block(envelope: &Envelope, block: &Block) -> Value {
    let mut document = envelope.wrap(&BlockType::Block, json!(block.person));
    set(&mut document, "target", json!(block.target));
    set(&mut document, "summary", json!(block.reason));
    set(&mut document, "removeData", json!(block.remove_data));
    put(&mut document, "endTime", block.until.map(Ts::rfc3339));
    put(&mut document, "expires", block.until.map(Ts::rfc3339));
    document
}

/// Into a collection of the group: moderators or featured. The target must be the very address
/// that the group's document gives.
pub(crate) fn add(envelope: &Envelope, uri: &str, collection: &str) -> Value {
    listed(envelope, &AddType::Add, uri, collection)
}

/// Out of a collection of the group.
pub(crate) fn remove(envelope: &Envelope, uri: &str, collection: &str) -> Value {
    listed(envelope, &RemoveType::Remove, uri, collection)
}

fn listed(envelope: &Envelope, kind: &dyn Display, uri: &str, collection: &str) -> Value {
    let mut document = envelope.wrap(kind, json!(uri));
    set(&mut document, "target", json!(collection));
    document
}

/// No more answers below a post or comment. Its Undo opens the thread again.
pub(crate) fn lock(envelope: &Envelope, uri: &str, reason: &str) -> Value {
    let mut document = envelope.wrap(&"Lock", json!(uri));
    put(
        &mut document,
        "summary",
        Some(reason).filter(|reason| !reason.is_empty()),
    );
    document
}

/// Which answer to a question helped, in PieFed's word. Its Undo takes that back.
pub(crate) fn choose_answer(envelope: &Envelope, uri: &str) -> Value {
    envelope.wrap(&"ChooseAnswer", json!(uri))
}

impl Envelope {
    /// An envelope for an act of governance in a group: removal, lock, pin, ban and their Undo.
    pub(crate) fn governance(id: String, actor: String, group: &GroupRef, published: Ts) -> Self {
        Self {
            id,
            actor,
            addressing: Addressing::governance(group),
            published,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::address::tests::{ANN, BOB, PUBLIC, tea};
    use super::super::comment::comment;
    use super::super::comment::tests::answer;
    use super::super::post::post;
    use super::super::post::tests::article;
    use super::*;

    const POST: &str = "https://hall.example/post/42";

    fn envelope(addressing: Addressing) -> Envelope {
        Envelope {
            id: "https://hall.example/activities/x/1".into(),
            actor: ANN.into(),
            addressing,
            published: Ts(0),
        }
    }

    fn governance() -> Envelope {
        envelope(Addressing::governance(&tea()))
    }

    /// One of each, for rules that hold for all.
    fn everything() -> Vec<Value> {
        let echo = Echo {
            id: "https://b.example/f/1".into(),
            kind: "Follow",
            actor: BOB.into(),
            object: tea().uri,
        };
        let ban = Block {
            person: BOB.into(),
            target: tea().uri,
            reason: "spam".into(),
            until: Some(Ts(1)),
            remove_data: true,
        };
        let vote = envelope(Addressing::vote(Some(&tea()), BOB));
        let one = envelope(Addressing::one(BOB, None));
        let announced = envelope(Addressing::announce(&tea()));
        let like = like(&vote, POST);
        vec![
            create(&envelope(article().addressing()), post(&article())),
            update(&envelope(answer().addressing()), comment(&answer())),
            delete(&governance(), POST),
            delete_as_tombstone(&governance(), POST, "Article"),
            delete_as_moderator(&governance(), POST, "", true),
            delete_account(&envelope(Addressing::everybody(None))),
            undo(&vote, like.clone()),
            announce(&announced, &like),
            announce_object(&envelope(Addressing::boost(&tea(), BOB)), POST),
            accept(&one, &echo),
            reject(&one, &echo),
            follow(&one, BOB),
            like,
            dislike(&vote, POST),
            flag(&one, &[POST], "spam"),
            block(&governance(), &ban),
            add(&governance(), BOB, &tea().moderators),
            remove(&governance(), POST, &tea().featured),
            lock(&governance(), POST, ""),
            choose_answer(&governance(), POST),
        ]
    }

    #[test]
    fn s062_every_activity_has_its_fields_in_the_shape_that_all_read() {
        for activity in everything() {
            for key in ["id", "type", "actor", "published"] {
                assert!(activity[key].is_string(), "{key} in {activity}");
            }
            assert!(
                activity["to"].is_array() && activity["cc"].is_array(),
                "{activity}"
            );
            assert!(
                activity.get("audience").is_none_or(Value::is_string),
                "{activity}"
            );
            assert!(
                activity.get("@context").is_none() && activity["object"].get("@context").is_none()
            );
        }
    }

    #[test]
    fn s71_an_accept_repeats_the_follow_exactly() {
        let echo = Echo {
            id: "https://b.example/F#1".into(),
            kind: "Follow",
            actor: BOB.into(),
            object: tea().uri,
        };
        let answer = accept(&envelope(Addressing::one(BOB, None)), &echo);
        assert_eq!(answer["to"], json!([BOB]));
        assert_eq!(
            answer["object"],
            json!({"id": "https://b.example/F#1", "type": "Follow", "actor": BOB, "object": tea().uri, "to": [tea().uri]})
        );
        assert_eq!(
            reject(&envelope(Addressing::one(BOB, None)), &echo)["type"],
            "Reject"
        );
    }

    #[test]
    fn s116_the_authors_delete_has_no_summary_and_names_the_public_in_to() {
        let document = delete(&governance(), POST);
        assert!(document.get("summary").is_none());
        assert_eq!(
            (&document["to"], &document["cc"], &document["object"]),
            (&json!([PUBLIC]), &json!([tea().uri]), &json!(POST))
        );
        let tombstone = delete_as_tombstone(&governance(), POST, "Article");
        assert_eq!(
            tombstone["object"],
            json!({"id": POST, "type": "Tombstone", "formerType": "Article"})
        );
    }

    #[test]
    fn s117_a_moderators_removal_always_has_a_summary() {
        assert_eq!(
            delete_as_moderator(&governance(), POST, "", false)["summary"],
            ""
        );
        assert!(
            delete_as_moderator(&governance(), POST, "", false)
                .get("withReplies")
                .is_none()
        );
        assert_eq!(
            delete_as_moderator(&governance(), POST, "spam", true)["withReplies"],
            true
        );
    }

    #[test]
    fn s140_an_undo_embeds_the_original_with_its_id() {
        let vote = envelope(Addressing::vote(Some(&tea()), BOB));
        let original = super::super::with_context(like(&vote, POST));
        let document = undo(&vote, original);
        assert_eq!(
            document["object"],
            like(&vote, POST),
            "without a context of its own"
        );
        assert_eq!(
            (&document["to"], &document["cc"]),
            (&json!([tea().uri, BOB]), &json!([]))
        );
    }

    #[test]
    fn s084_an_announced_activity_stays_what_it_was() {
        let raw = r#"{"zebra":1.50,"@context":["https://www.w3.org/ns/activitystreams",{"x":null}],"type":"Create","actor":"https://l/u/a","n":[1e2,-0.0,12345678901234567890],"object":{"b":"\u00e4","a":[]}}"#;
        let inner: Value = serde_json::from_str(raw).unwrap();
        let document = announce(&envelope(Addressing::announce(&tea())), &inner);
        assert_eq!(document["object"], inner);
        let written = serde_json::to_string(&document["object"]).unwrap();
        assert!(
            written.starts_with("{\"zebra\":1.5,\"@context\""),
            "order is kept: {written}"
        );
        assert_eq!(
            (&document["to"], &document["cc"]),
            (&json!([tea().uri, PUBLIC]), &json!([tea().followers]))
        );
    }

    #[test]
    fn s085_a_boost_names_the_post_by_id_and_its_author_in_cc() {
        let document = announce_object(&envelope(Addressing::boost(&tea(), BOB)), POST);
        assert_eq!(
            (&document["object"], &document["to"]),
            (&json!(POST), &json!([PUBLIC]))
        );
        assert_eq!(document["cc"], json!([tea().followers, BOB]));
    }

    #[test]
    fn a_comments_create_carries_the_mentions_of_people() {
        let document = create(&envelope(answer().addressing()), comment(&answer()));
        assert_eq!(
            document["tag"],
            json!([{"type": "Mention", "href": BOB, "name": "@bob@b.example"}])
        );
        assert_eq!(
            (&document["to"], &document["object"]["to"]),
            (&json!([tea().uri, PUBLIC]), &json!([tea().uri, PUBLIC]))
        );
        assert!(
            create(&envelope(article().addressing()), post(&article()))
                .get("tag")
                .is_none()
        );
    }

    #[test]
    fn s148_a_report_says_why_in_both_fields_and_names_one_recipient() {
        let document = flag(
            &envelope(Addressing::one(&tea().uri, Some(&tea()))),
            &[POST],
            "spam",
        );
        assert_eq!(
            (
                &document["object"],
                &document["summary"],
                &document["content"]
            ),
            (&json!(POST), &json!("spam"), &json!("spam"))
        );
        assert_eq!(document["to"], json!([tea().uri]));
        assert_eq!(
            flag(&envelope(Addressing::one(BOB, None)), &[BOB, POST], "x")["object"],
            json!([BOB, POST])
        );
    }

    #[test]
    fn s144_a_ban_tells_its_end_in_both_fields() {
        let ban = Block {
            person: BOB.into(),
            target: tea().uri,
            reason: "spam".into(),
            until: Ts::parse("2026-02-01T00:00:00Z"),
            remove_data: true,
        };
        let document = block(&governance(), &ban);
        assert_eq!(
            (&document["endTime"], &document["expires"]),
            (&json!("2026-02-01T00:00:00Z"), &document["endTime"])
        );
        assert_eq!(
            (&document["target"], &document["removeData"]),
            (&json!(tea().uri), &json!(true))
        );
        assert!(
            block(&governance(), &Block { until: None, ..ban })
                .get("endTime")
                .is_none()
        );
    }

    #[test]
    fn s27_s141_moderators_are_added_to_the_very_collection_of_the_group() {
        assert_eq!(
            add(&governance(), BOB, &tea().moderators)["target"],
            tea().moderators
        );
        assert_eq!(
            remove(&governance(), POST, &tea().featured)["target"],
            tea().featured
        );
    }

    #[test]
    fn s124_the_end_of_an_account_is_for_everybody() {
        let document = delete_account(&envelope(Addressing::everybody(None)));
        assert_eq!(
            (
                &document["object"],
                &document["to"],
                &document["removeData"]
            ),
            (&json!(ANN), &json!([PUBLIC]), &json!(true))
        );
    }
}
