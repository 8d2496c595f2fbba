//! From the hub's nouns to the structs that are written: pure, and thin on purpose. What must be
//! looked up first (mentioned people, first answers, keys) is handed in.

use super::actor::{ActorKeys, GroupDocument, InstanceDocument, PersonDocument};
use super::address::GroupRef;
use super::comment::CommentDocument;
use super::parts::{
    ImageDocument, Language, LinkDocument, MentionRef, Replies, TagRef, Tallies, Text,
};
use super::post::{Choice, EventDocument, PollDocument, PostDocument, PostForm, answered};
use super::quote::Quoting;
use crate::domain::actor::{Actor, ActorKind};
use crate::domain::comment::Comment;
use crate::domain::event::Event;
use crate::domain::media::PictureKind;
use crate::domain::names::Names;
use crate::domain::poll::Poll;
use crate::domain::post::{Attachment, Extra, Post, PostKind};
use crate::text::{language, mention};

/// Languages by tag and own name; peers show the name, and Lemmy will not read one without it.
const LANGUAGES: &[(&str, &str)] = &[
    ("ar", "العربية"),
    ("ca", "Català"),
    ("cs", "Čeština"),
    ("da", "Dansk"),
    ("de", "Deutsch"),
    ("el", "Ελληνικά"),
    ("en", "English"),
    ("eo", "Esperanto"),
    ("es", "Español"),
    ("eu", "Euskara"),
    ("fa", "فارسی"),
    ("fi", "Suomi"),
    ("fr", "Français"),
    ("gl", "Galego"),
    ("he", "עברית"),
    ("hu", "Magyar"),
    ("id", "Bahasa Indonesia"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("nb", "Norsk bokmål"),
    ("nl", "Nederlands"),
    ("no", "Norsk"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("ro", "Română"),
    ("ru", "Русский"),
    ("sk", "Slovenčina"),
    ("sl", "Slovenščina"),
    ("sv", "Svenska"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("vi", "Tiếng Việt"),
    ("zh", "中文"),
];

/// What surrounds a post or comment and is not in its row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Around {
    /// The people whom the text mentions.
    pub(crate) mentions: Vec<MentionRef>,
    /// Its direct answers; the collection's id is filled in here.
    pub(crate) replies: Replies,
    /// Its boosts.
    pub(crate) shares: u64,
    /// What a post carries besides its words.
    pub(crate) extra: Extra,
    /// Who may quote it, and what it quotes.
    pub(crate) quoting: Quoting,
    /// The id of the answer that helped, of a question.
    pub(crate) answer: Option<String>,
}

impl Language {
    /// The language of a tag; one that is not known by name is called by its tag.
    pub(crate) fn of(tag: &str) -> Self {
        let known = LANGUAGES
            .iter()
            .find(|(known, _)| *known == language::primary(tag));
        Self {
            tag: tag.to_owned(),
            name: known.map_or(tag, |(_, name)| name).to_owned(),
        }
    }
}

impl MentionRef {
    /// An actor as somebody who is spoken to.
    pub(crate) fn of(actor: &Actor) -> Self {
        Self {
            uri: actor.uri.to_string(),
            handle: actor.full_handle(),
        }
    }
}

impl GroupRef {
    /// A group, local or remote. One that answers follows by hand is private, as Lemmy has it.
    pub(crate) fn of(group: &Actor) -> Self {
        let below = |known: Option<&String>, part| {
            known
                .cloned()
                .unwrap_or_else(|| format!("{}/{part}", group.uri))
        };
        Self {
            uri: group.uri.to_string(),
            handle: group.full_handle(),
            followers: below(group.followers.as_ref(), "followers"),
            moderators: below(group.moderators.as_ref(), "moderators"),
            featured: below(group.featured.as_ref(), "featured"),
            private: group.manually_approves,
        }
    }
}

impl PostDocument {
    /// A post that was written here.
    pub(crate) fn of(
        names: &Names,
        post: &Post,
        author: &Actor,
        group: &Actor,
        around: Around,
    ) -> Self {
        let mut hashtags = hashtags(names, post.source.as_deref());
        if group.local
            && !hashtags
                .iter()
                .any(|tag| tag.word.eq_ignore_ascii_case(&group.name))
        {
            hashtags.push(tag(names, &group.name));
        }
        let answer = around.answer.as_deref();
        let answer_html = answer.map_or_else(String::new, answered);
        Self {
            uri: post.uri.to_string(),
            url: post.url.clone(),
            form: form(post, around.extra),
            author: author.uri.to_string(),
            author_followers: followers(author),
            group: Some(GroupRef::of(group)),
            title: post.title.clone(),
            text: Text {
                html: around.quoting.fallback() + &post.html + &answer_html,
                markdown: post.source.clone(),
            },
            language: post.language.as_deref().map(Language::of),
            link: post
                .link_url
                .clone()
                .map(|href| LinkDocument { href, name: None }),
            images: post.attachments.iter().filter_map(image).collect(),
            thumbnail: None,
            mentions: around.mentions,
            hashtags,
            flairs: Vec::new(),
            sensitive: post.sensitive,
            warning: post.warning.clone(),
            comments_enabled: !post.locked,
            quoting: around.quoting,
            replies: Replies {
                uri: format!("{}/replies", post.uri),
                ..around.replies
            },
            tallies: tallies(post.upvotes, post.downvotes, around.shares),
            published: post.published_at,
            updated: post.edited_at,
        }
    }
}

/// Where a comment stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    /// The thread.
    pub(crate) thread: &'a Post,
    /// The thread's group.
    pub(crate) group: &'a Actor,
    /// Id of what it answers.
    pub(crate) parent: &'a str,
    /// Who wrote that.
    pub(crate) parent_author: &'a Actor,
}

impl CommentDocument {
    /// A comment that was written here.
    pub(crate) fn of(
        names: &Names,
        comment: &Comment,
        author: &Actor,
        place: Place<'_>,
        around: Around,
    ) -> Self {
        Self {
            uri: comment.uri.to_string(),
            url: comment.url.clone(),
            author: author.uri.to_string(),
            author_followers: followers(author),
            in_reply_to: place.parent.to_owned(),
            parent_author: MentionRef::of(place.parent_author),
            group: Some(GroupRef::of(place.group)),
            context: place
                .thread
                .local
                .then(|| format!("{}/context", place.thread.uri)),
            text: Text {
                html: around.quoting.fallback() + &comment.html,
                markdown: comment.source.clone(),
            },
            language: comment.language.as_deref().map(Language::of),
            images: comment.attachments.iter().filter_map(image).collect(),
            mentions: around.mentions,
            hashtags: hashtags(names, comment.source.as_deref()),
            sensitive: place.thread.sensitive || comment.sensitive,
            warning: comment.warning.clone(),
            distinguished: comment.distinguished,
            quoting: around.quoting,
            replies: Replies {
                uri: format!("{}/replies", comment.uri),
                ..around.replies
            },
            tallies: tallies(comment.upvotes, comment.downvotes, around.shares),
            published: comment.published_at,
            updated: comment.edited_at,
        }
    }
}

impl GroupDocument {
    /// A local group, written in these languages.
    pub(crate) fn of(group: &Actor, keys: ActorKeys, languages: &[String]) -> Self {
        Self {
            uri: group.uri.clone(),
            name: group.name.clone(),
            url: group.url.clone(),
            title: group.title.clone(),
            summary: summary(group),
            description: None,
            icon: picture(group.icon_url.as_ref()),
            image: picture(group.image_url.as_ref()),
            keys,
            private: group.manually_approves,
            discoverable: group.discoverable,
            indexable: group.indexable,
            sensitive: false,
            posting_restricted: group.posting_restricted,
            languages: languages.iter().map(|tag| Language::of(tag)).collect(),
            flairs: Vec::new(),
            also_known_as: Vec::new(),
            moved_to: None,
            published: group.created_at,
            updated: group.updated_at,
        }
    }
}

impl PersonDocument {
    /// A local person or bot.
    pub(crate) fn of(person: &Actor, keys: ActorKeys) -> Self {
        Self {
            name: person.name.clone(),
            suspended: false,
            title: person.title.clone(),
            automatic: person.kind == ActorKind::Service,
            summary: summary(person),
            icon: picture(person.icon_url.as_ref()),
            image: picture(person.image_url.as_ref()),
            fields: Vec::new(),
            keys,
            manually_approves: person.manually_approves,
            discoverable: person.discoverable,
            indexable: person.indexable,
            also_known_as: Vec::new(),
            moved_to: None,
            published: person.created_at,
            updated: person.updated_at,
        }
    }

    /// What is left to see of somebody who is suspended: their name, and the key, with which the
    /// end of what they wrote is signed.
    pub(crate) fn suspended(self) -> Self {
        Self {
            suspended: true,
            title: String::new(),
            summary: Text::default(),
            icon: None,
            image: None,
            fields: Vec::new(),
            discoverable: false,
            indexable: false,
            ..self
        }
    }
}

impl InstanceDocument {
    /// The hub's own actor, under the name and description of the settings.
    pub(crate) fn of(
        hub: &Actor,
        keys: ActorKeys,
        title: &str,
        html: &str,
        languages: &[String],
    ) -> Self {
        Self {
            title: title.to_owned(),
            summary: Text {
                html: html.to_owned(),
                markdown: None,
            },
            icon: picture(hub.icon_url.as_ref()),
            keys,
            languages: languages.iter().map(|tag| Language::of(tag)).collect(),
            published: hub.created_at,
            updated: hub.updated_at,
        }
    }
}

fn form(post: &Post, extra: Extra) -> PostForm {
    match extra {
        Extra::Poll(poll) => PostForm::Poll(poll_document(poll)),
        Extra::Event(event) => PostForm::Event(event_document(event)),
        Extra::Nothing if post.kind == PostKind::Page => PostForm::Page,
        Extra::Nothing | Extra::Question => PostForm::Article,
    }
}

fn event_document(event: Event) -> EventDocument {
    EventDocument {
        starts_at: event.starts_at,
        ends_at: event.ends_at,
        timezone: event.timezone,
        place: event.place,
        online_url: event.online_url,
        join_mode: event.join_mode.as_str(),
        capacity: event.capacity,
        attendees: event.attendees,
    }
}

fn poll_document(poll: Poll) -> PollDocument {
    let choices = poll.choices.into_iter().map(|choice| Choice {
        name: choice.name,
        votes: u64::try_from(choice.votes).unwrap_or(0),
    });
    PollDocument {
        choices: choices.collect(),
        multiple: poll.multiple,
        ends_at: poll.ends_at,
        closed: poll.closed_at,
        voters: u64::try_from(poll.voters).unwrap_or(0),
    }
}

fn followers(actor: &Actor) -> String {
    actor
        .followers
        .clone()
        .unwrap_or_else(|| format!("{}/followers", actor.uri))
}

fn summary(actor: &Actor) -> Text {
    Text {
        html: actor.summary_html.clone(),
        markdown: actor.summary_source.clone(),
    }
}

fn picture(url: Option<&String>) -> Option<ImageDocument> {
    url.map(|url| ImageDocument {
        url: url.clone(),
        media_type: kind_of(url).map(|kind| kind.media_type().to_owned()),
        ..ImageDocument::default()
    })
}

/// The form of a picture that the hub keeps, which the end of its name says.
fn kind_of(url: &str) -> Option<PictureKind> {
    PictureKind::parse(url.rsplit_once('.')?.1)
}

/// A picture, or what nobody says is something else.
fn image(attachment: &Attachment) -> Option<ImageDocument> {
    let picture = attachment
        .media_type
        .as_ref()
        .is_none_or(|media| media.starts_with("image/"));
    picture.then(|| ImageDocument {
        url: attachment.url.clone(),
        media_type: attachment.media_type.clone(),
        alt: attachment.alt.clone(),
        size: attachment.size,
        blurhash: attachment.blurhash.clone(),
        focus: attachment.focus,
    })
}

fn hashtags(names: &Names, source: Option<&str>) -> Vec<TagRef> {
    let words = source.map(mention::find_hashtags).unwrap_or_default();
    words.iter().map(|word| tag(names, word)).collect()
}

fn tag(names: &Names, word: &str) -> TagRef {
    TagRef {
        word: word.to_owned(),
        href: names.hashtag(&word.to_lowercase()),
    }
}

fn tallies(likes: i64, dislikes: i64, shares: u64) -> Tallies {
    let count = |number: i64| u64::try_from(number).unwrap_or(0);
    Tallies {
        likes: count(likes),
        dislikes: count(dislikes),
        shares,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{comment, group, person, post};
    use super::*;
    use crate::domain::actor::Approval;
    use crate::domain::clock::Ts;
    use crate::domain::ids::{ActorId, CommentId, InstanceId, PostId, Uri};

    const PEM: &str = "-----BEGIN PUBLIC KEY-----\nx";

    fn names() -> Names {
        Names::new("https://hall.example")
    }

    fn keys() -> ActorKeys {
        ActorKeys {
            rsa_pem: PEM.into(),
            ed25519_multibase: None,
        }
    }

    fn actor(kind: ActorKind, uri: &str, name: &str, local: bool) -> Actor {
        let at = Uri::trusted(uri.to_owned());
        Actor {
            id: ActorId(1),
            url: uri.into(),
            kind,
            name: name.into(),
            host: at.host(),
            instance: InstanceId(i64::from(!local)),
            local,
            title: name.into(),
            summary_html: "<p>x</p>".into(),
            summary_source: Some("x".into()),
            icon_url: None,
            image_url: None,
            inbox: format!("{uri}/inbox"),
            shared_inbox: None,
            outbox: None,
            followers: None,
            moderators: None,
            featured: None,
            discoverable: true,
            indexable: true,
            manually_approves: false,
            posting_restricted: false,
            followers_count: 0,
            created_at: Ts(0),
            updated_at: Ts(0),
            fetched_at: None,
            deleted_at: None,
            approval: Approval::default(),
            uri: at,
        }
    }

    fn a_post() -> Post {
        Post {
            id: PostId(42),
            uri: names().post(PostId(42)),
            url: "https://hall.example/post/42".into(),
            group: ActorId(2),
            author: ActorId(1),
            kind: PostKind::Article,
            title: "Meet us".into(),
            source: Some("Saturday. #Meetup".into()),
            html: "<p>Saturday.</p>".into(),
            link_url: Some("https://pots.example/".into()),
            language: Some("de-AT".into()),
            sensitive: false,
            warning: None,
            attachments: vec![
                Attachment {
                    url: "https://m/1".into(),
                    media_type: Some("video/mp4".into()),
                    ..Attachment::default()
                },
                Attachment {
                    url: "https://m/2".into(),
                    alt: Some("a cup".into()),
                    ..Attachment::default()
                },
            ],
            published_at: Ts(0),
            edited_at: None,
            locked: true,
            featured_at: None,
            deleted_at: None,
            removed_at: None,
            removal_reason: None,
            upvotes: 3,
            downvotes: 1,
            comment_count: 0,
            active_at: Ts(0),
            local: true,
        }
    }

    #[test]
    fn a_local_post_becomes_its_document() {
        let (ann, tea) = (
            actor(ActorKind::Person, "https://hall.example/u/ann", "ann", true),
            actor(ActorKind::Group, "https://hall.example/c/tea", "tea", true),
        );
        let document = post(&PostDocument::of(
            &names(),
            &a_post(),
            &ann,
            &tea,
            Around {
                shares: 2,
                ..Around::default()
            },
        ));
        assert_eq!(
            document["language"],
            serde_json::json!({"identifier": "de-AT", "name": "Deutsch"})
        );
        let words: Vec<_> = document["tag"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|tag| tag["type"] == "Hashtag")
            .map(|tag| tag["name"].as_str().unwrap().to_lowercase())
            .collect();
        assert_eq!(words, ["#meetup", "#tea"]);
        let kinds: Vec<_> = document["attachment"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["type"].as_str().unwrap())
            .collect();
        assert_eq!(
            kinds,
            ["Link", "Image"],
            "a film would make Lemmy drop the post"
        );
        assert_eq!(
            (
                &document["likes"]["totalItems"],
                &document["shares"]["totalItems"],
                &document["commentsEnabled"]
            ),
            (&3.into(), &2.into(), &false.into())
        );
        assert_eq!(
            document["replies"]["id"],
            "https://hall.example/post/42/replies"
        );
    }

    #[test]
    fn a_comment_in_a_remote_group_is_for_that_group() {
        let ann = actor(ActorKind::Person, "https://hall.example/u/ann", "ann", true);
        let leo = actor(ActorKind::Person, "https://l.example/u/leo", "leo", false);
        let cars = actor(ActorKind::Group, "https://l.example/c/cars", "cars", false);
        let thread = Post {
            uri: Uri::trusted("https://l.example/post/1".into()),
            local: false,
            ..a_post()
        };
        let said = Comment {
            id: CommentId(7),
            uri: names().comment(CommentId(7)),
            url: "https://hall.example/comment/7".into(),
            post: PostId(42),
            parent: None,
            author: ActorId(1),
            depth: 1,
            path: String::new(),
            source: None,
            html: "<p>Try vinegar.</p>".into(),
            language: None,
            published_at: Ts(0),
            edited_at: None,
            deleted_at: None,
            removed_at: None,
            removal_reason: None,
            upvotes: -1,
            downvotes: 0,
            distinguished: false,
            locked: false,
            local: true,
            sensitive: false,
            warning: None,
            attachments: Vec::new(),
        };
        let place = Place {
            thread: &thread,
            group: &cars,
            parent: "https://l.example/post/1",
            parent_author: &leo,
        };
        let document = comment(&CommentDocument::of(
            &names(),
            &said,
            &ann,
            place,
            Around::default(),
        ));
        assert_eq!(
            (&document["audience"], &document["inReplyTo"]),
            (
                &"https://l.example/c/cars".into(),
                &"https://l.example/post/1".into()
            )
        );
        assert_eq!(document["to"][0], "https://l.example/c/cars");
        assert_eq!(document["cc"][0], "https://l.example/u/leo");
        assert_eq!(document["tag"][1]["name"], "@cars@l.example");
        assert!(
            document.get("context").is_none(),
            "the thread's server names its context"
        );
        assert_eq!(
            document["likes"]["totalItems"], 0,
            "counts are never negative"
        );
    }

    #[test]
    fn actors_become_their_documents() {
        let tea = actor(ActorKind::Group, "https://hall.example/c/tea", "tea", true);
        let document = group(
            &names(),
            &GroupDocument::of(&tea, keys(), &["de".into(), "xx".into()]),
        );
        assert_eq!(
            (&document["id"], &document["language"][1]["name"]),
            (&"https://hall.example/c/tea".into(), &"xx".into())
        );
        let bot = actor(
            ActorKind::Service,
            "https://hall.example/u/bot",
            "bot",
            true,
        );
        assert_eq!(
            person(&names(), &PersonDocument::of(&bot, keys()))["type"],
            "Service"
        );
    }
}
