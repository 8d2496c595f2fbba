//! How pages look where they are shared: cards (`OpenGraph`, Twitter), facts for search engines
//! (schema.org as JSON-LD), and where to ask for a frame (oEmbed).

use serde::Serialize;
use serde_json::{Value, json};

use crate::domain::actor::Actor;
use crate::domain::clock::Ts;
use crate::text::plain::{excerpt, excerpt_html};
use crate::views::post::{CommentCard, EventCard, PostCard};

use super::model::{Face, is_web};
use super::visit::Visit;

/// Letters of a description.
const ABOUT: usize = 200;
/// Letters of a text that search engines are given.
const TEXT: usize = 5_000;

/// How a page is shown elsewhere.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Shared {
    pub(super) title: String,
    pub(super) about: String,
    pub(super) url: String,
    pub(super) kind: &'static str,
    pub(super) image: Option<String>,
    /// Where the frame is asked for, of what can stand in one.
    oembed: Option<String>,
    facts: Option<String>,
}

impl Shared {
    /// The hub itself, which stands in no frame.
    pub(super) fn hub(visit: &Visit) -> Self {
        let hub = &visit.settings.instance;
        let (title, about) = (hub.name.clone(), excerpt(&hub.description, ABOUT));
        Self::list(visit, title, about, "/")
    }

    /// A list at this address, which stands in no frame.
    pub(super) fn list(visit: &Visit, title: String, about: String, path: &str) -> Self {
        Self {
            oembed: None,
            ..Self::new(visit, title, about, path, "website", None)
        }
    }

    /// A group or a person.
    pub(super) fn actor(visit: &Visit, of: &Actor) -> Self {
        let path = Face::new(of).href;
        let kind = if path.starts_with("/u/") {
            "profile"
        } else {
            "website"
        };
        let image = of.icon_url.clone().filter(|url| is_web(url));
        let about = excerpt_html(&of.summary_html, ABOUT);
        Self::new(visit, of.title.clone(), about, &path, kind, image)
    }

    /// A thread, with the answer that helped.
    pub(super) fn thread(visit: &Visit, card: &PostCard, answer: Option<&CommentCard>) -> Self {
        let post = &card.post;
        let path = format!("/post/{}", post.id);
        let pictures = post.attachments.iter().filter(|file| {
            let kind = file.media_type.as_deref().unwrap_or_default();
            kind.starts_with("image/") && is_web(&file.url)
        });
        // What comes with a warning is not shown in pictures elsewhere.
        let quiet = post.sensitive || post.warning.is_some();
        let image = pictures.map(|file| file.url.clone()).next();
        let image = image.filter(|_| !quiet);
        let about = match &post.warning {
            Some(warning) => warning.clone(),
            None => excerpt_html(&post.html, ABOUT),
        };
        let mut shared = Self::new(visit, post.title.clone(), about, &path, "article", image);
        if !post.hidden() {
            shared.facts = Some(data_block(&facts(visit, card, answer)));
        }
        shared
    }

    fn new(
        visit: &Visit,
        title: String,
        about: String,
        path: &str,
        kind: &'static str,
        image: Option<String>,
    ) -> Self {
        let url = format!("{}{path}", visit.state.names().base());
        let asked: String = url::form_urlencoded::byte_serialize(url.as_bytes()).collect();
        let oembed = format!("{}/oembed?url={asked}", visit.state.names().base());
        Self {
            title,
            about,
            url,
            kind,
            image,
            oembed: Some(oembed),
            facts: None,
        }
    }
}

/// Facts as a data block. Browsers do not execute it, and no policy forbids it; nothing in it may
/// end it.
fn data_block(facts: &Value) -> String {
    let text = facts.to_string().replace('<', "\\u003c");
    format!("<script type=\"application/ld+json\">{text}</script>")
}

fn facts(visit: &Visit, card: &PostCard, answer: Option<&CommentCard>) -> Value {
    let post = &card.post;
    if let Some(event) = &card.event {
        return event_facts(visit, card, event);
    }
    let mut facts = json!({
        "@type": "DiscussionForumPosting",
        "headline": post.title,
        "text": excerpt_html(&post.html, TEXT),
        "url": post.url,
        "datePublished": post.published_at.rfc3339(),
        "dateModified": post.edited_at.unwrap_or(post.published_at).rfc3339(),
        "author": person(visit, &card.author),
        "commentCount": post.comment_count,
        "interactionStatistic": {
            "@type": "InteractionCounter",
            "interactionType": "https://schema.org/LikeAction",
            "userInteractionCount": post.upvotes,
        },
    });
    if card.question.is_some() {
        facts = question_facts(visit, facts, card, answer);
    }
    with_context(facts)
}

fn with_context(mut facts: Value) -> Value {
    if let Some(fields) = facts.as_object_mut() {
        fields.insert("@context".to_owned(), json!("https://schema.org"));
    }
    facts
}

fn question_facts(
    visit: &Visit,
    mut facts: Value,
    card: &PostCard,
    answer: Option<&CommentCard>,
) -> Value {
    if let Some(fields) = facts.as_object_mut() {
        fields.insert("@type".to_owned(), json!("Question"));
        fields.insert("name".to_owned(), json!(card.post.title));
        fields.insert("answerCount".to_owned(), json!(card.post.comment_count));
        if let Some(answer) = answer {
            fields.insert("acceptedAnswer".to_owned(), answer_facts(visit, answer));
        }
    }
    json!({"@type": "QAPage", "mainEntity": facts})
}

fn answer_facts(visit: &Visit, card: &CommentCard) -> Value {
    let comment = &card.comment;
    json!({
        "@type": "Answer",
        "text": excerpt_html(&comment.html, TEXT),
        "url": comment.url,
        "datePublished": comment.published_at.rfc3339(),
        "upvoteCount": comment.upvotes,
        "author": person(visit, &card.author),
    })
}

fn event_facts(visit: &Visit, card: &PostCard, meeting: &EventCard) -> Value {
    let event = &meeting.event;
    let online = event.online_url.as_deref().filter(|url| is_web(url));
    let place = event
        .place
        .as_deref()
        .map(|name| json!({"@type": "Place", "name": name, "address": name}));
    let link = online.map(|url| json!({"@type": "VirtualLocation", "url": url}));
    let mode = match (&place, &link) {
        (Some(_), Some(_)) => "Mixed",
        (None, Some(_)) => "Online",
        _ => "Offline",
    };
    let locations: Vec<Value> = place.into_iter().chain(link).collect();
    with_context(json!({
        "@type": "Event",
        "name": card.post.title,
        "description": excerpt_html(&card.post.html, TEXT),
        "url": card.post.url,
        "startDate": event.starts_at.rfc3339(),
        "endDate": event.ends_at.map(Ts::rfc3339),
        "eventAttendanceMode": format!("https://schema.org/{mode}EventAttendanceMode"),
        "eventStatus": "https://schema.org/EventScheduled",
        "location": locations,
        "organizer": person(visit, &card.author),
    }))
}

fn person(visit: &Visit, of: &Actor) -> Value {
    let path = Face::new(of).href;
    let url = format!("{}{path}", visit.state.names().base());
    json!({"@type": "Person", "name": of.title, "url": url})
}
