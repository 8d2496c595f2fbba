//! The documents of what lives here, read from the store: for those who fetch, and for what is sent.

use http::HeaderMap;
use http::header::USER_AGENT;
use serde_json::Value;

use super::quirks::PeerClass;
use super::write::{
    ActorKeys, Around, CommentDocument, GroupDocument, InstanceDocument, MentionRef,
    MessageDocument, PersonDocument, Place, PostDocument, QuoteRef, Quoting, Replies, Text,
    chat_message, comment as comment_document, group, instance, message_note, person,
    post as post_document, post_note, public, quote_stamp, tombstone,
};
use crate::crypto::keypair::{PrivateKey, PublicKey};
use crate::domain::actor::{Actor, ActorKind};
use crate::domain::caller::Viewer;
use crate::domain::comment::Comment;
use crate::domain::ids::{ActorId, CommentId, MessageId, ObjectId, PostId, Uri};
use crate::domain::membership::Standing;
use crate::domain::message::Message;
use crate::domain::names::Names;
use crate::domain::page::Cursor;
use crate::domain::post::{Extra, Post, PostKind};
use crate::domain::quote::{QuotePolicy, QuoteState};
use crate::settings::Settings;
use crate::store::{
    Db, Res, StoreError, accounts, actors, brand, comments, events, instances, messages, moves,
    notices, polls, posts, questions, quotes, reactions,
};

/// A local actor without `@context`; a Tombstone if it is gone.
///
/// # Errors
/// If the store cannot be read, or the actor has no key there.
pub(crate) fn actor(db: &mut Db, names: &Names, settings: &Settings, actor: &Actor) -> Res<Value> {
    if let Some(deleted) = actor.deleted_at {
        return Ok(tombstone(actor.uri.as_str(), actor.kind.as_str(), deleted));
    }
    let keys = keys(db, settings, actor)?;
    let languages = &settings.instance.languages;
    Ok(match actor.kind {
        ActorKind::Group => {
            let mut document = GroupDocument::of(actor, keys, languages);
            document.also_known_as = moves::list_aliases(db, actor.id)?;
            document.moved_to = moved_to(db, actor)?;
            group(names, &document)
        }
        ActorKind::Person | ActorKind::Service => {
            let mut document = PersonDocument::of(actor, keys);
            document.also_known_as = moves::list_aliases(db, actor.id)?;
            document.moved_to = moved_to(db, actor)?;
            let account = accounts::find(db, actor.id)?;
            let out = account.is_some_and(|account| account.standing == Standing::Suspended);
            person(names, &if out { document.suspended() } else { document })
        }
        ActorKind::Application => {
            // What admins said may be newer than what is in force.
            let chosen = brand::find(db)?;
            let said = &settings.instance;
            let about = chosen.description.as_ref().unwrap_or(&said.description);
            let about = crate::text::plain::to_html(about);
            let title = chosen.name.as_ref().unwrap_or(&said.name);
            instance(
                names,
                &InstanceDocument::of(actor, keys, title, &about, languages),
            )
        }
    })
}

/// Where an actor went.
fn moved_to(db: &mut Db, actor: &Actor) -> Res<Option<String>> {
    let Some((target, _)) = moves::find(db, actor.id)? else {
        return Ok(None);
    };
    Ok(actors::find(db, target)?.map(|target| target.uri.to_string()))
}

/// The public halves of the keys of a local actor.
fn keys(db: &mut Db, settings: &Settings, actor: &Actor) -> Res<ActorKeys> {
    let missing = || StoreError::Unreadable(format!("{} has no key", actor.uri));
    let bad = |error| StoreError::Unreadable(format!("the key of {}: {error}", actor.uri));
    let stored = actors::find_key_of(db, actor.id)?.ok_or_else(missing)?;
    let pem = PublicKey::from_der(&stored.public_der).and_then(|key| key.to_pem());
    let multikey = match &stored.private_der {
        Some(der) if settings.federation.proofs => {
            let proving = PrivateKey::from_pkcs8(der).and_then(|key| key.for_proofs());
            let public = proving.and_then(|key| key.public());
            Some(public.and_then(|key| key.to_multikey()).map_err(bad)?)
        }
        _ => None,
    };
    Ok(ActorKeys {
        rsa_pem: pem.map_err(bad)?,
        ed25519_multibase: multikey,
    })
}

/// What there is to show at the address of a post or comment.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shown {
    /// It, in the form for the reader.
    Document(Value),
    /// Its Tombstone.
    Gone(Value),
    /// It lives elsewhere, under this id.
    Elsewhere(Uri),
}

/// A post or comment for a viewer who sent these headers; `None` if there is none of which they
/// may know.
///
/// # Errors
/// If the store cannot be read.
pub(crate) fn show(
    db: &mut Db,
    names: &Names,
    settings: &Settings,
    viewer: Viewer,
    object: ObjectId,
    headers: &HeaderMap,
) -> Res<Option<Shown>> {
    match object {
        ObjectId::Post(id) => {
            let Some(found) = posts::find_for(db, viewer, id)? else {
                return Ok(None);
            };
            if !found.local {
                return Ok(Some(Shown::Elsewhere(found.uri)));
            }
            if let Some(at) = found.deleted_at.or(found.removed_at) {
                let stone = tombstone(found.uri.as_str(), found.kind.as_str(), at);
                return Ok(Some(Shown::Gone(stone)));
            }
            let native =
                settings.federation.native_forms && reader_class(db, headers)?.reads_notes();
            let form = if native { post_note } else { post_document };
            Ok(post(db, names, &found)?.map(|document| Shown::Document(form(&document))))
        }
        ObjectId::Comment(id) => {
            let Some(found) = comments::find_for(db, viewer, id)? else {
                return Ok(None);
            };
            if !found.local {
                return Ok(Some(Shown::Elsewhere(found.uri)));
            }
            if let Some(at) = found.deleted_at.or(found.removed_at) {
                return Ok(Some(Shown::Gone(tombstone(found.uri.as_str(), "Note", at))));
            }
            let document = comment(db, names, &found)?;
            Ok(document.map(|document| Shown::Document(comment_document(&document))))
        }
    }
}

/// What a local post says; `None` if its author or group cannot be found.
///
/// # Errors
/// If the store cannot be read.
pub(crate) fn post(db: &mut Db, names: &Names, post: &Post) -> Res<Option<PostDocument>> {
    let Some(author) = actors::find(db, post.author)? else {
        return Ok(None);
    };
    let Some(group) = actors::find(db, post.group)? else {
        return Ok(None);
    };
    let around = Around {
        quoting: quoting(db, &author, post.id.0)?,
        answer: answer(db, post.id)?,
        ..around(db, names, ObjectId::Post(post.id), post)?
    };
    Ok(Some(PostDocument::of(names, post, &author, &group, around)))
}

/// The id of the answer that helped, if it can be read.
fn answer(db: &mut Db, post: PostId) -> Res<Option<String>> {
    let question = questions::find(db, post)?;
    let Some(chosen) = question.and_then(|question| question.answer) else {
        return Ok(None);
    };
    let comment = comments::find(db, chosen.comment)?;
    let comment = comment.filter(|comment| !comment.hidden());
    Ok(comment.map(|comment| comment.uri.to_string()))
}

/// Who may quote what an author wrote, and what it quotes itself.
fn quoting(db: &mut Db, author: &Actor, number: i64) -> Res<Quoting> {
    let quoted = quotes::find_quoted(db, number)?;
    Ok(Quoting {
        quotable_by: quotable_by(db, author)?,
        quote: quoted.map(|quoted| QuoteRef {
            uri: quoted.uri,
            stamp: quoted.stamp,
        }),
    })
}

/// Who may quote an author without asking (FEP-044f).
fn quotable_by(db: &mut Db, author: &Actor) -> Res<Vec<String>> {
    let own = || vec![author.uri.to_string()];
    Ok(match quotes::policy_of(db, author.id)? {
        QuotePolicy::Everybody => vec![public()],
        QuotePolicy::Followers => author.followers.clone().map_or_else(own, |uri| vec![uri]),
        QuotePolicy::Nobody => own(),
    })
}

/// What a local comment says; `None` if what is around it cannot be found.
///
/// # Errors
/// If the store cannot be read.
pub(crate) fn comment(
    db: &mut Db,
    names: &Names,
    comment: &Comment,
) -> Res<Option<CommentDocument>> {
    let Some(author) = actors::find(db, comment.author)? else {
        return Ok(None);
    };
    let Some(thread) = posts::find(db, comment.post)? else {
        return Ok(None);
    };
    let Some(group) = actors::find(db, thread.group)? else {
        return Ok(None);
    };
    let Some((parent, parent_author)) = parent(db, comment, &thread)? else {
        return Ok(None);
    };
    let place = Place {
        thread: &thread,
        group: &group,
        parent: parent.as_str(),
        parent_author: &parent_author,
    };
    let around = Around {
        quoting: quoting(db, &author, comment.id.0)?,
        ..around(db, names, ObjectId::Comment(comment.id), &thread)?
    };
    Ok(Some(CommentDocument::of(
        names, comment, &author, place, around,
    )))
}

/// What a comment answers: its id and its author.
fn parent(db: &mut Db, comment: &Comment, thread: &Post) -> Res<Option<(Uri, Actor)>> {
    let (uri, author) = match comment.parent {
        None => (thread.uri.clone(), thread.author),
        Some(parent) => match comments::find(db, parent)? {
            Some(parent) => (parent.uri, parent.author),
            None => return Ok(None),
        },
    };
    Ok(actors::find(db, author)?.map(|author| (uri, author)))
}

fn around(db: &mut Db, names: &Names, object: ObjectId, thread: &Post) -> Res<Around> {
    let mentioned: Vec<ActorId> = notices::list_mentions(db, object)?;
    let people = actors::list_by_ids(db, &mentioned)?;
    Ok(Around {
        mentions: people.iter().map(MentionRef::of).collect(),
        replies: answers(db, names, thread.id, object)?,
        shares: u64::try_from(reactions::count_shares(db, object)?).unwrap_or(0),
        extra: extra(db, object, thread)?,
        ..Around::default()
    })
}

fn extra(db: &mut Db, object: ObjectId, thread: &Post) -> Res<Extra> {
    match (object, thread.kind) {
        (ObjectId::Post(id), PostKind::Question) => {
            Ok(polls::find(db, id)?.map_or(Extra::Nothing, Extra::Poll))
        }
        (ObjectId::Post(id), PostKind::Event) => {
            Ok(events::find(db, id)?.map_or(Extra::Nothing, Extra::Event))
        }
        _ => Ok(Extra::Nothing),
    }
}

/// How many answers a document lists by id (federation.md 4.2.2).
pub(super) const FIRST_ANSWERS: u32 = 5;

/// The stamp by which somebody here allows a quote; `None` if there is none, or no longer.
///
/// # Errors
/// If the store cannot be read.
pub(crate) fn stamp(db: &mut Db, names: &Names, uuid: &str) -> Res<Option<Value>> {
    let quote = quotes::find_by_uuid(db, uuid)?;
    let Some(quote) = quote.filter(|quote| quote.state == QuoteState::Accepted) else {
        return Ok(None);
    };
    let (author, object) = (actors::find(db, quote.author)?, number(db, quote.object)?);
    let (Some(author), Some(object)) = (author, object) else {
        return Ok(None);
    };
    let uri = names.stamp(&quote.uuid);
    let document = quote_stamp(
        uri.as_str(),
        author.uri.as_str(),
        &quote.uri,
        object.as_str(),
    );
    Ok(Some(document))
}

/// The id of the visible post or comment of a number, if anybody may read it.
pub(super) fn number(db: &mut Db, number: i64) -> Res<Option<Uri>> {
    let viewer = Viewer::Visitor;
    if let Some(post) = posts::find_for(db, viewer, PostId(number))? {
        return Ok((!post.hidden()).then_some(post.uri));
    }
    let comment = comments::find_for(db, viewer, CommentId(number))?;
    Ok(comment
        .filter(|comment| !comment.hidden())
        .map(|comment| comment.uri))
}

/// The first answers to a post or comment, and where the others are.
pub(super) fn answers(
    db: &mut Db,
    names: &Names,
    thread: PostId,
    object: ObjectId,
) -> Res<Replies> {
    let parent = match object {
        ObjectId::Post(_) => None,
        ObjectId::Comment(id) => Some(id),
    };
    let mut found = comments::list_answers(db, thread, parent, None, FIRST_ANSWERS + 1)?;
    let more = found.len() > FIRST_ANSWERS as usize;
    found.truncate(FIRST_ANSWERS as usize);
    let uri = names.below(&names.object(object), "replies");
    let next = found.last().filter(|_| more).map(|last| Cursor {
        key: 0.0,
        id: last.id.0,
    });
    let total = comments::count_answers(db, thread, parent)?;
    Ok(Replies {
        next: next.map(|next| format!("{uri}?page={}", next.encode())),
        total: u64::try_from(total).unwrap_or(0),
        first: found.iter().map(|answer| answer.uri.to_string()).collect(),
        uri,
    })
}

/// What a private message says; `None` if its author cannot be found.
///
/// # Errors
/// If the store cannot be read.
pub(crate) fn message(db: &mut Db, message: &Message) -> Res<Option<MessageDocument>> {
    let members = messages::list_members(db, &[message.conversation])?;
    let people: Vec<ActorId> = members.into_iter().map(|(_, actor)| actor).collect();
    let (authors, to): (Vec<Actor>, Vec<Actor>) = actors::list_by_ids(db, &people)?
        .into_iter()
        .partition(|actor| actor.id == message.author);
    let answered = messages::find_answered(db, message)?;
    Ok(authors.first().map(|author| MessageDocument {
        uri: message.uri.to_string(),
        author: author.uri.to_string(),
        to: to.iter().map(MentionRef::of).collect(),
        text: Text {
            html: message.html.clone(),
            markdown: message.source.clone(),
        },
        in_reply_to: answered.map(|message| message.uri.to_string()),
        published: message.published_at,
        updated: message.edited_at,
    }))
}

/// A private message that was written here, for the server of somebody to whom it was written;
/// `None` for every other server.
///
/// # Errors
/// If the store cannot be read.
pub(crate) fn show_message(db: &mut Db, id: MessageId, host: &str) -> Res<Option<Value>> {
    let found = messages::find(db, id)?;
    let Some(found) = found.filter(|message| message.local && message.deleted_at.is_none()) else {
        return Ok(None);
    };
    let Some(said) = message(db, &found)? else {
        return Ok(None);
    };
    let at_host = |one: &&MentionRef| Uri::parse(&one.uri).is_some_and(|uri| uri.host() == host);
    let Some(to) = said.to.iter().find(at_host) else {
        return Ok(None);
    };
    let class = instances::find_by_host(db, host)?.map_or_else(PeerClass::default, |known| {
        PeerClass::of(known.software.as_deref(), known.version.as_deref())
    });
    Ok(Some(if class.reads_chat_messages() {
        chat_message(&said, &to.uri)
    } else {
        message_note(&said, class.reads_notes())
    }))
}

/// The class of whoever fetches: of the host that its signature names, else of its User-Agent.
///
/// Both forms of a post are as public as each other, so the signature is not verified for this.
///
/// # Errors
/// If the store cannot be read.
pub(crate) fn reader_class(db: &mut Db, headers: &HeaderMap) -> Res<PeerClass> {
    if let Some(host) = signing_host(headers)
        && let Some(known) = instances::find_by_host(db, &host)?
        && known.software.is_some()
    {
        return Ok(PeerClass::of(
            known.software.as_deref(),
            known.version.as_deref(),
        ));
    }
    let agent = headers
        .get(USER_AGENT)
        .and_then(|agent| agent.to_str().ok());
    Ok(agent.and_then(PeerClass::of_user_agent).unwrap_or_default())
}

/// The host of the key that a signature names, in either scheme.
pub(super) fn signing_host(headers: &HeaderMap) -> Option<String> {
    let line = headers
        .get("signature-input")
        .or_else(|| headers.get("signature"))?;
    let line = line.to_str().ok()?.get(..2_048.min(line.len()))?;
    let lower = line.to_ascii_lowercase();
    let at = lower.find("keyid=\"")? + "keyid=\"".len();
    let rest = line.get(at..)?;
    let key = Uri::parse(rest.split('"').next()?)?;
    Some(key.host()).filter(|host| !host.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(name: &'static str, line: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(name, line.parse().unwrap());
        signing_host(&headers)
    }

    #[test]
    fn a_signature_names_its_host_in_both_schemes() {
        let cavage = "keyId=\"https://M.example/actor#main-key\",signature=\"x\"";
        assert_eq!(host("signature", cavage).as_deref(), Some("m.example"));
        let rfc = "sig1=(\"@method\");created=1;keyid=\"https://m.example/actor#k\"";
        assert_eq!(host("signature-input", rfc).as_deref(), Some("m.example"));
        for nonsense in ["", "keyId=\"", "keyId=\"acct:a@b\"", "keyId=x"] {
            assert_eq!(host("signature", nonsense), None, "{nonsense}");
        }
    }
}
