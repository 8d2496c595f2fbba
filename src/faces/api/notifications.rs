//! How the caller hears of what happens.

use axum::extract::State as Given;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::Call;
use crate::domain::caller::Caller;
use crate::domain::news::{ByMail, Topic, Wish};
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::faces::shared::extract::Json;
use crate::faces::shared::token::{Reader, Writer};
use crate::faces::shared::{Failed, State};
use crate::operations::news::SetWishes;
use crate::settings::DigestRhythm;
use crate::views::news;

const PATH: &str = "/notifications/settings";

pub(super) fn calls() -> Vec<Call> {
    vec![
        Call::get(PATH, "How the caller hears of what happens", show)
            .signed()
            .answers::<Settings>(200),
        Call::patch(PATH, "Change how the caller hears of what happens", set)
            .takes::<Settings>()
            .answers::<Settings>(200),
    ]
}

/// How somebody hears of what happens; what is left out of a change stays as it is.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "NotificationSettings")]
#[serde(deny_unknown_fields)]
struct Settings {
    #[serde(default)]
    topics: Vec<Chosen>,
    /// How often a digest comes: `off`, `daily` or `weekly`.
    digest: Option<DigestRhythm>,
}

/// How somebody hears of one topic.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "NotificationTopic")]
#[serde(deny_unknown_fields)]
struct Chosen {
    /// `answers`, `mentions`, `messages`, `threads`, `votes`, `followers`, `events`, `polls`,
    /// `groups` or `moderation`.
    topic: String,
    /// `off`, `at_once` or `digest`.
    mail: String,
    /// By the browsers in which that was switched on.
    push: bool,
}

impl Chosen {
    fn of((topic, wish): (Topic, Wish)) -> Self {
        Self {
            topic: topic.as_str().to_owned(),
            mail: wish.mail.as_str().to_owned(),
            push: wish.push,
        }
    }

    fn read(&self) -> Result<(Topic, Wish), Refusal> {
        let (topic, mail) = (Topic::parse(&self.topic), ByMail::parse(&self.mail));
        let (Some(topic), Some(mail)) = (topic, mail) else {
            return Err(Refusal::invalid(
                "topics",
                "notifications.unknown",
                "There is no such topic, or no such way to hear of it by mail.",
            ));
        };
        let push = self.push;
        Ok((topic, Wish { mail, push }))
    }
}

async fn show(
    Given(state): Given<State>,
    Reader(caller): Reader,
) -> Result<Json<Settings>, Failed> {
    Ok(Json(current(&state, caller).await?))
}

async fn current(state: &State, caller: Caller) -> Result<Settings, Refusal> {
    let member = policy::require_actor(caller)?;
    let look = state.read(move |db| {
        Ok::<_, Refusal>((news::wishes_of(db, member)?, news::rhythm_of(db, member)?))
    });
    let (wishes, rhythm) = look.await?;
    Ok(Settings {
        topics: wishes.into_iter().map(Chosen::of).collect(),
        digest: Some(rhythm.unwrap_or(state.settings().mail.digest)),
    })
}

async fn set(
    Given(state): Given<State>,
    writer: Writer,
    Json(wanted): Json<Settings>,
) -> Result<Json<Settings>, Failed> {
    let wishes: Result<Vec<_>, _> = wanted.topics.iter().map(Chosen::read).collect();
    let set = SetWishes {
        wishes: wishes?,
        rhythm: wanted.digest,
    };
    state.operations().run(writer.caller, set).await?;
    Ok(Json(current(&state, writer.caller).await?))
}
