//! The files of an archive, and what stands in each.

use axum::http::HeaderMap;
use serde_json::{Value, json};

use crate::domain::actor::Actor;
use crate::domain::block::Distance;
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, ObjectId};
use crate::domain::media::Focus;
use crate::domain::membership::Followed;
use crate::domain::page::Cursor;
use crate::domain::post::Attachment;
use crate::domain::reading::Level;
use crate::domain::refusal::Refusal;
use crate::faces::shared::State;
use crate::federation::document::{self, Shown};
use crate::views::export::{self, Profile};
use crate::views::{Snapshot, Unread, account, block, draft, filter};

/// A file.
#[derive(Clone, Copy)]
pub(super) struct File {
    pub(super) name: &'static str,
    pub(super) form: Form,
    pub(super) what: What,
}

/// What stands in a file.
#[derive(Clone, Copy)]
pub(super) enum What {
    Profile,
    Outbox,
    Posts,
    Comments,
    Messages,
    Votes,
    Reactions,
    Saved,
    Drafts,
    Follows,
    FollowsTable,
    Blocks,
    BlocksTable,
    MutesTable,
    HostsTable,
    Filters,
    Pictures,
}

/// How a file is laid out.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// One object.
    Object,
    /// A list of objects.
    List,
    /// An ActivityStreams collection of what was done.
    Collection,
    /// Lines with commas, as Mastodon writes and reads them; below this line.
    Table(&'static str),
}

/// All files but the pictures. The tables have Mastodon's names and columns, so that other servers
/// can read them in.
pub(super) const FILES: [File; 17] = [
    file("profile.json", Form::Object, What::Profile),
    file("outbox.json", Form::Collection, What::Outbox),
    file("posts.json", Form::List, What::Posts),
    file("comments.json", Form::List, What::Comments),
    file("messages.json", Form::List, What::Messages),
    file("votes.json", Form::List, What::Votes),
    file("reactions.json", Form::List, What::Reactions),
    file("saved.json", Form::List, What::Saved),
    file("drafts.json", Form::List, What::Drafts),
    file("follows.json", Form::List, What::Follows),
    file(
        "following_accounts.csv",
        Form::Table("Account address,Show boosts,Notify on new posts,Languages\n"),
        What::FollowsTable,
    ),
    file("blocks.json", Form::Object, What::Blocks),
    file("blocked_accounts.csv", Form::Table(""), What::BlocksTable),
    file(
        "muted_accounts.csv",
        Form::Table("Account address,Hide notifications\n"),
        What::MutesTable,
    ),
    file("blocked_domains.csv", Form::Table(""), What::HostsTable),
    file("filters.json", Form::Object, What::Filters),
    file("pictures.json", Form::List, What::Pictures),
];

const fn file(name: &'static str, form: Form, what: What) -> File {
    File { name, form, what }
}

impl Form {
    pub(super) fn head(self) -> &'static str {
        match self {
            Self::Object => "",
            Self::List => "[\n",
            Self::Collection => {
                "{\"@context\":\"https://www.w3.org/ns/activitystreams\",\
                 \"type\":\"OrderedCollection\",\"orderedItems\":[\n"
            }
            Self::Table(head) => head,
        }
    }

    pub(super) fn between(self) -> &'static str {
        match self {
            Self::Object | Self::Table(_) => "",
            Self::List | Self::Collection => ",\n",
        }
    }

    pub(super) fn tail(self) -> &'static str {
        match self {
            Self::Object | Self::Table(_) => "",
            Self::List => "\n]\n",
            Self::Collection => "\n]}\n",
        }
    }
}

/// Whose archive it is, and from where it is read.
pub(super) struct Owner {
    pub(super) state: State,
    pub(super) member: ActorId,
}

/// Some rows of a file, and what to ask for next.
type Rows = (Vec<String>, Option<Cursor>);

fn rows<T>(found: export::Rows<T>, row: impl FnMut(T) -> Value) -> Rows {
    let values = found.items.into_iter().map(row);
    (values.map(|value| value.to_string()).collect(), found.next)
}

fn all(values: impl Iterator<Item = Value>) -> Rows {
    (values.map(|value| value.to_string()).collect(), None)
}

impl Owner {
    /// The rows of a file after a place in it.
    pub(super) async fn rows(&self, what: What, after: Option<Cursor>) -> Result<Rows, Refusal> {
        match what {
            What::Outbox => self.outbox(after).await,
            What::Posts | What::Comments | What::Messages => self.words(what, after).await,
            What::Votes | What::Reactions | What::Saved => self.choices(what, after).await,
            What::Follows | What::FollowsTable => self.follows(what, after).await,
            What::Blocks | What::BlocksTable | What::MutesTable | What::HostsTable => {
                self.blocks(what).await
            }
            What::Profile => self.profile().await,
            What::Drafts => self.drafts().await,
            What::Filters => self.filters().await,
            What::Pictures => self.pictures(after).await,
        }
    }

    async fn profile(&self) -> Result<Rows, Refusal> {
        let member = self.member;
        let look = self.state.read(move |db| {
            let whereabouts = account::whereabouts(db, member)?;
            Ok::<_, Refusal>((export::profile(db, member)?, whereabouts.aliases))
        });
        let (found, aliases) = look.await?;
        let zone = self
            .state
            .read(move |db| draft::time_zone(db, member))
            .await?;
        Ok(all(found
            .into_iter()
            .map(|found| profile(&found, &aliases, zone.as_deref()))))
    }

    /// What was done as other servers were told of it: posts, then comments.
    async fn outbox(&self, after: Option<Cursor>) -> Result<Rows, Refusal> {
        let (member, state, settings) = (self.member, self.state.clone(), self.state.settings());
        let look = self.state.read(move |db| {
            let (objects, next) = written(db, member, after)?;
            let mut created = Vec::new();
            for (object, at) in objects {
                let (names, viewer, plain) = (state.names(), member.into(), HeaderMap::new());
                let shown = document::show(db, names, &settings, viewer, object, &plain)?;
                if let Some(Shown::Document(object)) = shown {
                    created.push(create(&object, at));
                }
            }
            Ok::<_, Refusal>((created, next))
        });
        look.await
    }

    async fn words(&self, what: What, after: Option<Cursor>) -> Result<Rows, Refusal> {
        let member = self.member;
        Ok(match what {
            What::Comments => {
                let look = self
                    .state
                    .read(move |db| export::comments(db, member, after));
                rows(look.await?, |(comment, about)| {
                    json!({
                        "id": comment.uri.as_str(),
                        "url": comment.url,
                        "post": about,
                        "body": comment.source,
                        "html": comment.html,
                        "language": comment.language,
                        "warning": comment.warning,
                        "attachments": attachments(&comment.attachments),
                        "published_at": comment.published_at.rfc3339(),
                        "edited_at": time(comment.edited_at),
                        "removed_at": time(comment.removed_at),
                        "upvotes": comment.upvotes,
                        "downvotes": comment.downvotes,
                    })
                })
            }
            What::Messages => {
                let look = self
                    .state
                    .read(move |db| export::messages(db, member, after));
                rows(look.await?, |card| {
                    let to: Vec<String> = card.to.iter().map(address).collect();
                    json!({
                        "id": card.message.uri.as_str(),
                        "to": to,
                        "body": card.message.source,
                        "html": card.message.html,
                        "published_at": card.message.published_at.rfc3339(),
                        "edited_at": time(card.message.edited_at),
                    })
                })
            }
            _ => {
                let look = self.state.read(move |db| export::posts(db, member, after));
                rows(look.await?, |(post, group)| {
                    json!({
                        "id": post.uri.as_str(),
                        "url": post.url,
                        "group": group.as_ref().map(address),
                        "kind": post.kind.as_str(),
                        "title": post.title,
                        "link": post.link_url,
                        "body": post.source,
                        "html": post.html,
                        "language": post.language,
                        "warning": post.warning,
                        "attachments": attachments(&post.attachments),
                        "published_at": post.published_at.rfc3339(),
                        "edited_at": time(post.edited_at),
                        "removed_at": time(post.removed_at),
                        "upvotes": post.upvotes,
                        "downvotes": post.downvotes,
                        "comments": post.comment_count,
                    })
                })
            }
        })
    }

    async fn choices(&self, what: What, after: Option<Cursor>) -> Result<Rows, Refusal> {
        let member = self.member;
        Ok(match what {
            What::Votes => {
                let look = self.state.read(move |db| export::votes(db, member, after));
                rows(
                    look.await?,
                    |(of, value, at)| json!({"object": of, "value": value, "at": at.rfc3339()}),
                )
            }
            What::Reactions => {
                let look = self
                    .state
                    .read(move |db| export::reactions(db, member, after));
                rows(
                    look.await?,
                    |(of, emoji, at)| json!({"object": of, "content": emoji, "at": at.rfc3339()}),
                )
            }
            _ => {
                let look = self.state.read(move |db| export::saved(db, member, after));
                rows(look.await?, Value::String)
            }
        })
    }

    async fn follows(&self, what: What, after: Option<Cursor>) -> Result<Rows, Refusal> {
        let member = self.member;
        let look = self
            .state
            .read(move |db| export::follows(db, member, after));
        let found = look.await?;
        if matches!(what, What::FollowsTable) {
            let line = |follow: &Followed<Actor>| {
                // The columns: whom, their boosts, a notice of each post, languages.
                let notify = follow.level == Level::All;
                format!("{},true,{notify},\n", address(&follow.target))
            };
            return Ok((found.items.iter().map(line).collect(), found.next));
        }
        Ok(rows(found, |follow| {
            let target = &follow.target;
            json!({
                "id": target.uri.as_str(),
                "handle": address(target),
                "kind": target.kind.as_str(),
                "title": target.title,
                "state": follow.state.as_str(),
                "news": follow.level.as_str(),
                "since": follow.since.rfc3339(),
            })
        }))
    }

    async fn blocks(&self, what: What) -> Result<Rows, Refusal> {
        let member = self.member;
        let away = self.state.read(move |db| block::of(db, member)).await?;
        let near = |distance: Distance| {
            let people = away.people.iter().filter(move |(_, far)| *far == distance);
            people.map(|(person, _)| address(person))
        };
        Ok(match what {
            What::BlocksTable => {
                let lines = near(Distance::Blocked).map(|who| format!("{who}\n"));
                (lines.collect(), None)
            }
            What::MutesTable => {
                let lines = near(Distance::Muted).map(|who| format!("{who},true\n"));
                (lines.collect(), None)
            }
            What::HostsTable => {
                let lines = away.hosts.iter().map(|host| format!("{host}\n"));
                (lines.collect(), None)
            }
            _ => {
                let (blocked, muted) = (near(Distance::Blocked), near(Distance::Muted));
                let (blocked, muted): (Vec<_>, Vec<_>) = (blocked.collect(), muted.collect());
                let value = json!({"blocked": blocked, "muted": muted, "servers": away.hosts});
                all(std::iter::once(value))
            }
        })
    }

    async fn drafts(&self) -> Result<Rows, Refusal> {
        let member = self.member;
        let look = self.state.read(move |db| {
            Ok::<_, Refusal>((draft::list(db, member)?, draft::answers(db, member)?))
        });
        let (drafts, answers) = look.await?;
        let names = self.state.names();
        let answers = answers.into_iter().map(|card| {
            let answer = card.answer;
            json!({
                "in_reply_to": names.object(answer.to).as_str(),
                "content": {"body": answer.body},
                "created_at": answer.kept_at.rfc3339(),
            })
        });
        let drafts = drafts.into_iter().map(|card| {
            json!({
                "group": card.group.as_ref().map(address),
                "content": card.draft.content,
                "publish_at": time(card.draft.publish_at),
                "created_at": card.draft.created_at.rfc3339(),
            })
        });
        Ok(all(drafts.chain(answers)))
    }

    async fn filters(&self) -> Result<Rows, Refusal> {
        let member = self.member;
        let sifted = self.state.read(move |db| filter::of(db, member)).await?;
        let filters = sifted.filters.iter().map(|filter| {
            json!({
                "phrase": filter.phrase,
                "effect": filter.effect.as_str(),
                "until": time(filter.until),
            })
        });
        let filters: Vec<Value> = filters.collect();
        let value = json!({"filters": filters, "languages": sifted.languages});
        Ok(all(std::iter::once(value)))
    }

    async fn pictures(&self, after: Option<Cursor>) -> Result<Rows, Refusal> {
        let member = self.member;
        let look = self
            .state
            .read(move |db| export::pictures(db, member, after));
        Ok(rows(look.await?, |picture| {
            json!({
                "file": format!("pictures/{}", picture.file_of_width(None)),
                "alt": picture.alt,
                "width": picture.width,
                "height": picture.height,
                "created_at": picture.created_at.rfc3339(),
            })
        }))
    }
}

/// What comes after all posts: the first comment.
const COMMENTS: Cursor = Cursor {
    key: 1.0,
    id: i64::MIN,
};

/// Some of what somebody wrote and when, and what to ask for next.
type Written = (Vec<(ObjectId, Ts)>, Option<Cursor>);

/// Some of what somebody wrote: posts, then comments, which are told by the key.
fn written(db: &mut Snapshot, member: ActorId, after: Option<Cursor>) -> Result<Written, Unread> {
    if let Some(after) = after.filter(|after| after.key > 0.0) {
        let found = export::comments(db, member, Some(after))?;
        let comments = found.items.iter();
        let objects = comments.map(|(one, _)| (ObjectId::Comment(one.id), one.published_at));
        let next = found.next.map(|next| Cursor {
            key: COMMENTS.key,
            ..next
        });
        return Ok((objects.collect(), next));
    }
    let found = export::posts(db, member, after)?;
    let posts = found.items.iter();
    let objects = posts.map(|(one, _)| (ObjectId::Post(one.id), one.published_at));
    Ok((objects.collect(), Some(found.next.unwrap_or(COMMENTS))))
}

fn create(object: &Value, at: Ts) -> String {
    json!({
        "type": "Create",
        "actor": object.get("attributedTo"),
        "published": at.rfc3339(),
        "object": object,
    })
    .to_string()
}

fn profile(found: &Profile, aliases: &[String], zone: Option<&str>) -> Value {
    let (actor, account) = (&found.actor, &found.account);
    let wishes = found.wishes.iter().map(|(topic, wish)| {
        let wish = json!({"mail": wish.mail.as_str(), "push": wish.push});
        (topic.as_str().to_owned(), wish)
    });
    let wishes: serde_json::Map<String, Value> = wishes.collect();
    json!({
        "id": actor.uri.as_str(),
        "url": actor.url,
        "handle": address(actor),
        "title": actor.title,
        "bio": actor.summary_source,
        "icon": actor.icon_url,
        "image": actor.image_url,
        "automatic": actor.kind == crate::domain::actor::ActorKind::Service,
        "discoverable": actor.discoverable,
        "indexable": actor.indexable,
        "also_known_as": aliases,
        "email": account.email,
        "role": account.role.as_str(),
        "language": account.language,
        "time_zone": zone,
        "look": account.look.map(crate::domain::look::Look::as_str),
        "messages_from": found.messages.as_str(),
        "notifications": wishes,
        "digest": found.rhythm.map(crate::settings::DigestRhythm::as_str),
        "joined_at": account.created_at.rfc3339(),
    })
}

/// `name@host`, which names somebody on every server.
fn address(actor: &Actor) -> String {
    format!("{}@{}", actor.name, actor.host)
}

fn time(at: Option<Ts>) -> Option<String> {
    at.map(Ts::rfc3339)
}

fn attachments(of: &[Attachment]) -> Vec<Value> {
    let one = |one: &Attachment| json!({"url": one.url, "media_type": one.media_type, "alt": one.alt, "focal_point": one.focus.map(Focus::point)});
    of.iter().map(one).collect()
}
