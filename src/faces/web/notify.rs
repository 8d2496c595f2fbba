//! How members hear of what happens: by letters, digests and their browsers; and the page on which
//! letters are ended without signing in.

use axum::response::Response;
use serde::Serialize;

use crate::domain::actor::Actor;
use crate::domain::ids::ActorId;
use crate::domain::news::{ByMail, Ended, Topic, Wish};
use crate::domain::policy;
use crate::domain::reading::Level;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::news::{EndSubscription, SetWishes, Subscribe, Unsubscribe};
use crate::operations::reading::SetLevels;
use crate::settings::DigestRhythm;
use crate::views::{group, news};

use super::answer::{Answer, Led, Page};
use super::form::Submission;
use super::model::Face;
use super::visit::Visit;

#[derive(Serialize)]
struct Model {
    rows: Vec<Row>,
    rhythm: &'static str,
    mail_sent: bool,
    push_key: Option<String>,
    subscribed: bool,
    groups: Vec<Heard>,
}

/// A group, and what the member hears of it.
#[derive(Serialize)]
struct Heard {
    id: String,
    face: Face,
    level: &'static str,
}

#[derive(Serialize)]
struct Row {
    topic: &'static str,
    name: String,
    mail: &'static str,
    push: bool,
}

/// `/settings/notifications`.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    let member = policy::require_actor(visit.caller())?;
    let session = visit.session_hash().unwrap_or_default();
    let look = visit.state.read(move |db| {
        let (wishes, rhythm) = (news::wishes_of(db, member)?, news::rhythm_of(db, member)?);
        let (key, subscribed) = (news::push_key(db)?, news::is_subscribed(db, &session)?);
        let levels = group::levels(db, member)?;
        Ok::<_, Refusal>((wishes, rhythm, key, subscribed, levels))
    });
    let (wishes, rhythm, key, subscribed, levels) = look.await?;
    let heard = |(group, level): (Actor, Level)| Heard {
        id: group.id.to_string(),
        face: Face::new(&group),
        level: level.as_str(),
    };
    let row = |(topic, wish): (Topic, Wish)| Row {
        topic: topic.as_str(),
        name: name(&visit, topic),
        mail: wish.mail.as_str(),
        push: wish.push,
    };
    let moderates = visit.caller().moderates_hub();
    let theirs = |(topic, _): &(Topic, Wish)| *topic != Topic::Moderation || moderates;
    let model = Model {
        rows: wishes.into_iter().filter(theirs).map(row).collect(),
        rhythm: rhythm.unwrap_or(visit.settings.mail.digest).as_str(),
        mail_sent: visit.settings.mail.is_sent(),
        push_key: key.and_then(|key| key.public().ok()),
        subscribed,
        groups: levels.into_iter().map(heard).collect(),
    };
    let title = visit.text("notifications-title");
    Ok(Page::new("notifications.html", title, &model)
        .unlisted()
        .into())
}

fn name(visit: &Visit, topic: Topic) -> String {
    match topic {
        Topic::Answers => visit.text("topic-answers"),
        Topic::Mentions => visit.text("topic-mentions"),
        Topic::Messages => visit.text("topic-messages"),
        Topic::Threads => visit.text("topic-threads"),
        Topic::Events => visit.text("topic-events"),
        Topic::Polls => visit.text("topic-polls"),
        Topic::Groups => visit.text("topic-groups"),
        Topic::Moderation => visit.text("topic-moderation"),
        Topic::Votes => visit.text("topic-votes"),
        Topic::Followers => visit.text("topic-followers"),
    }
}

/// `/settings/notifications`, sent.
pub(super) async fn set(form: Submission) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    let wish = |topic: Topic| {
        let mail = ByMail::parse(fields.text(&format!("mail_{}", topic.as_str())))?;
        let push = fields.ticked(&format!("push_{}", topic.as_str()));
        Some((topic, Wish { mail, push }))
    };
    let set = SetWishes {
        wishes: Topic::ALL.into_iter().filter_map(wish).collect(),
        rhythm: DigestRhythm::parse(fields.text("digest")),
    };
    visit.state.operations().run(visit.caller(), set).await?;
    Ok(Led::to("/settings/notifications").note("saved").into())
}

/// `/settings/notifications/groups`: what the member hears of each of their groups.
pub(super) async fn set_levels(form: Submission) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    let member = policy::require_actor(visit.caller())?;
    let look = visit.state.read(move |db| group::levels(db, member));
    let mut levels = Vec::new();
    for (group, before) in look.await? {
        let name = format!("level_{}", group.id);
        // A group that was joined since the page was made is not in it.
        if fields.find(&name).is_none() {
            continue;
        }
        let level = fields.chosen(&name, Level::parse)?;
        if level != before {
            levels.push((group.id, level));
        }
    }
    let set = SetLevels { levels };
    visit.state.operations().run(visit.caller(), set).await?;
    Ok(Led::to("/settings/notifications").note("saved").into())
}

/// `/settings/notifications/push`: news come to this browser, too.
pub(super) async fn subscribe(form: Submission) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    policy::require_actor(visit.caller())?;
    let subscribe = Subscribe {
        session: visit.session_hash().unwrap_or_default(),
        endpoint: fields.text("endpoint").to_owned(),
        public_key: fields.text("p256dh").to_owned(),
        secret: fields.text("auth").to_owned(),
    };
    let done = visit.state.operations().run(visit.caller(), subscribe);
    done.await?;
    Ok(Led::to("/settings/notifications").note("push-on").into())
}

/// `/settings/notifications/push/end`: no news come to this browser any more.
pub(super) async fn end_subscription(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let end = EndSubscription {
        session: visit.session_hash().unwrap_or_default(),
    };
    visit.state.operations().run(visit.caller(), end).await?;
    Ok(Led::to("/settings/notifications").note("push-off").into())
}

#[derive(Serialize)]
struct Ending {
    /// Where the form sends; `None`: it is done.
    action: Option<String>,
    what: String,
}

/// What the link in a letter says: whose letters, which, and the seal.
fn link(visit: &Visit) -> Result<Unsubscribe, Refusal> {
    let part = |name| visit.query(name).unwrap_or_default();
    let (actor, ended) = (part("of").parse().ok(), Ended::parse(part("what")));
    let (Some(actor), Some(ended)) = (actor, ended) else {
        return Err(Refusal::new(
            Kind::NotFound,
            "unsubscribe.unknown",
            "This link is not complete. Please open it again from the letter, or change your settings.",
        ));
    };
    Ok(Unsubscribe {
        actor: ActorId(actor),
        ended,
        seal: part("seal").to_owned(),
    })
}

fn ending(visit: &Visit, ended: Ended, action: Option<String>) -> Page {
    let what = match ended {
        Ended::Topic(topic) => name(visit, topic),
        Ended::Topics => visit.text("topic-all"),
        Ended::Digest => visit.text("topic-digest"),
    };
    let model = Ending { action, what };
    Page::new("unsubscribe.html", visit.text("unsubscribe-title"), &model).unlisted()
}

/// `/unsubscribe`: looking at it does nothing, for programs that read letters look at it, too.
pub(super) async fn unsubscribe_form(visit: Visit) -> Result<Answer, Refusal> {
    let link = link(&visit)?;
    Ok(ending(&visit, link.ended, Some(visit.path.clone())).into())
}

/// `/unsubscribe`, sent by the page or, in one click, by a mail program: the seal stands for the
/// token of a form, and whatever the body says is not read (RFC 8058, section 3.2).
pub(super) async fn unsubscribe(visit: Visit) -> Response {
    let done = end(&visit).await;
    visit.respond(done)
}

async fn end(visit: &Visit) -> Result<Answer, Refusal> {
    let link = link(visit)?;
    let ended = link.ended;
    visit.state.operations().run(visit.caller(), link).await?;
    Ok(ending(visit, ended, None).into())
}
