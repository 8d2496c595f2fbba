//! Drafts: what somebody writes before it is a post, as it stands in the form.

use super::clock::Ts;
use super::event::{Event, JoinMode};
use super::ids::{ActorId, DraftId, ObjectId, PostId};
use super::poll::{Choice, Poll};
use super::post::{Attachment, Extra};
use super::refusal::Refusal;

/// A day in seconds.
const DAY: i64 = 24 * 3600;

/// Something that is not posted yet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Draft {
    /// The row.
    pub(crate) id: DraftId,
    /// Who writes it.
    pub(crate) author: ActorId,
    /// Where it is to be posted, once that is chosen.
    pub(crate) group: Option<ActorId>,
    /// What is written.
    pub(crate) content: Content,
    /// When it is to be posted by itself.
    pub(crate) publish_at: Option<Ts>,
    /// The code of the refusal with which posting it by itself ended.
    pub(crate) refusal: Option<String>,
    /// When it was begun.
    pub(crate) created_at: Ts,
    /// When it was last kept.
    pub(crate) updated_at: Ts,
}

/// What somebody typed into an answer and has not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeptAnswer {
    /// Who writes it.
    pub(crate) author: ActorId,
    /// What it answers.
    pub(crate) to: ObjectId,
    /// The thread of that.
    pub(crate) post: PostId,
    /// Markdown.
    pub(crate) body: String,
    /// When it was last kept.
    pub(crate) kept_at: Ts,
}

/// What is filled in, nothing of it checked. It is stored as JSON: change it compatibly.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Content {
    /// One plain line.
    pub(crate) title: String,
    /// The address that it is about.
    pub(crate) url: String,
    /// Markdown.
    pub(crate) body: String,
    /// BCP 47 tag.
    pub(crate) language: String,
    /// Not for everybody's eyes.
    pub(crate) sensitive: bool,
    /// What it will be; the fields of the other forms count for nothing.
    pub(crate) form: Form,
    /// What people choose from, one choice on each line.
    pub(crate) options: String,
    /// Whether they may choose several.
    pub(crate) multiple: bool,
    /// For how many days they may.
    pub(crate) days: i64,
    /// Where and when people meet.
    pub(crate) meeting: Meeting,
    /// The id of what it quotes.
    pub(crate) quote: String,
    /// Pictures and files.
    pub(crate) attachments: Vec<Attachment>,
    /// The zone in which times are said, such as `Europe/Berlin`.
    pub(crate) timezone: String,
}

/// What is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Form {
    /// A text.
    #[default]
    Text,
    /// A link, with or without words.
    Link,
    /// A question that wants an answer.
    Question,
    /// Answers to choose from.
    Poll,
    /// A meeting.
    Event,
}

impl Form {
    /// All of them, in the order in which they are offered.
    pub(crate) const ALL: [Self; 5] = [
        Self::Text,
        Self::Link,
        Self::Question,
        Self::Poll,
        Self::Event,
    ];

    /// The stable name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Link => "link",
            Self::Question => "question",
            Self::Poll => "poll",
            Self::Event => "event",
        }
    }

    /// Reads the stable name; whatever else is said means a text.
    pub(crate) fn parse(text: &str) -> Self {
        let mut all = Self::ALL.into_iter();
        all.find(|form| form.as_str() == text).unwrap_or_default()
    }
}

/// The fields about an event.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Meeting {
    /// Begin, as a clock there shows it.
    pub(crate) starts: String,
    /// End, likewise.
    pub(crate) ends: String,
    /// IANA name of the zone of these times.
    pub(crate) timezone: String,
    /// Name and address of the place.
    pub(crate) place: String,
    /// Where it happens online.
    pub(crate) online: String,
    /// Whether the organiser decides who comes.
    pub(crate) restricted: bool,
    /// How many may come.
    pub(crate) capacity: String,
}

impl Content {
    /// What the post carries besides its words, if it is posted at this moment.
    ///
    /// # Errors
    /// If a time is none.
    pub(crate) fn extra(&self, at: Ts) -> Result<Extra, Refusal> {
        match self.form {
            Form::Text | Form::Link => Ok(Extra::Nothing),
            Form::Question => Ok(Extra::Question),
            Form::Poll => Ok(Extra::Poll(self.poll(at))),
            Form::Event => Ok(Extra::Event(self.meeting.event()?)),
        }
    }

    /// The address that the post is about.
    ///
    /// # Errors
    /// If it is to be a link and there is none.
    pub(crate) fn link(&self) -> Result<Option<String>, Refusal> {
        let url = self.url.trim();
        if self.form == Form::Link && url.is_empty() {
            let sentence = "Please say which page this is about.";
            return Err(Refusal::invalid("url", "post.no_link", sentence));
        }
        Ok((!url.is_empty()).then(|| url.to_owned()))
    }

    fn poll(&self, at: Ts) -> Poll {
        let lines = self.options.lines().map(str::trim);
        let choices = lines.filter(|line| !line.is_empty()).map(|line| Choice {
            name: line.to_owned(),
            votes: 0,
        });
        Poll {
            multiple: self.multiple,
            ends_at: Some(at.plus_seconds(self.days.saturating_mul(DAY))),
            choices: choices.collect(),
            ..Poll::default()
        }
    }
}

impl Meeting {
    /// The fields of an event that is there already.
    pub(crate) fn of(event: &Event) -> Self {
        let local = |at: Ts| at.local(&event.timezone).unwrap_or_default();
        let capacity = event.capacity.map(|most| most.to_string());
        Self {
            starts: local(event.starts_at),
            ends: event.ends_at.map(local).unwrap_or_default(),
            timezone: event.timezone.clone(),
            place: event.place.clone().unwrap_or_default(),
            online: event.online_url.clone().unwrap_or_default(),
            restricted: event.join_mode == JoinMode::Restricted,
            capacity: capacity.unwrap_or_default(),
        }
    }

    /// The event.
    ///
    /// # Errors
    /// If a time is none.
    pub(crate) fn event(&self) -> Result<Event, Refusal> {
        let filled = |text: &String| (!text.is_empty()).then(|| text.clone());
        let time = |name: &'static str, text: &str| {
            Ts::in_zone(text, &self.timezone).ok_or_else(|| {
                let sentence = "Please say day and time, and a time zone like Europe/Berlin.";
                Refusal::invalid(name, "event.when", sentence)
            })
        };
        let ends_at = filled(&self.ends).map(|text| time("ends_at", &text));
        let capacity = filled(&self.capacity).map(|text| text.parse::<i64>().unwrap_or(0));
        Ok(Event {
            starts_at: time("starts_at", &self.starts)?,
            ends_at: ends_at.transpose()?,
            timezone: self.timezone.clone(),
            place: filled(&self.place),
            online_url: filled(&self.online),
            join_mode: if self.restricted {
                JoinMode::Restricted
            } else {
                JoinMode::Free
            },
            capacity,
            attendees: 0,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_chosen_form_counts() {
        let mut content = Content {
            options: "Winter\n\n Summer \n".into(),
            days: 3,
            ..Content::default()
        };
        assert_eq!(content.extra(Ts(0)).unwrap(), Extra::Nothing);
        content.form = Form::Question;
        assert_eq!(content.extra(Ts(0)).unwrap(), Extra::Question);
        content.form = Form::Poll;
        let Extra::Poll(poll) = content.extra(Ts(0)).unwrap() else {
            panic!("a poll")
        };
        let names: Vec<_> = poll.choices.iter().map(|choice| &choice.name).collect();
        assert_eq!(names, ["Winter", "Summer"]);
        assert_eq!(poll.ends_at, Some(Ts(0).plus_seconds(3 * DAY)));
        content.form = Form::Event;
        assert_eq!(content.extra(Ts(0)).unwrap_err().code, "event.when");
    }

    #[test]
    fn a_link_needs_an_address_and_a_text_does_not() {
        let mut content = Content::default();
        assert_eq!(content.link().unwrap(), None);
        content.form = Form::Link;
        assert_eq!(content.link().unwrap_err().code, "post.no_link");
        content.url = " https://a.example/ ".into();
        assert_eq!(
            content.link().unwrap().as_deref(),
            Some("https://a.example/")
        );
    }

    #[test]
    fn drafts_of_older_hubs_are_read() {
        let content: Content = serde_json::from_str(r#"{"title":"Old","form":"poll"}"#).unwrap();
        assert_eq!((content.title.as_str(), content.form), ("Old", Form::Poll));
        for form in Form::ALL {
            assert_eq!(Form::parse(form.as_str()), form);
        }
    }
}
