//! A post comes into being in a group, from here or from elsewhere.

use crate::domain::activity::{Activity, Origin};
use crate::domain::actor::Actor;
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, Ids, ObjectId, PostId};
use crate::domain::notice::NoticeKind;
use crate::domain::policy::{self, Relation};
use crate::domain::post::{Attachment, Extra, MAX_ATTACHMENTS, Post, PostKind};
use crate::domain::refusal::Refusal;
use crate::operations::access::Birth;
use crate::operations::markup::{Markup, Rendered, checked_language, storable};
use crate::operations::{Desk, Operation, event, media, notice, poll};
use crate::store::{held, posts, questions};

use super::{hold, link};

/// A post comes into being; the caller is its author.
///
/// It is kept as JSON while it waits for a moderator: change it compatibly.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct CreatePost {
    /// Where.
    pub(crate) group: ActorId,
    /// In which form.
    pub(crate) kind: PostKind,
    /// One plain line.
    pub(crate) title: String,
    /// The text; may be blank.
    pub(crate) body: Markup,
    /// The address that a link post is about.
    pub(crate) link_url: Option<String>,
    /// BCP 47 tag.
    pub(crate) language: Option<String>,
    /// Not for everybody's eyes.
    pub(crate) sensitive: bool,
    /// The author's content warning.
    pub(crate) warning: Option<String>,
    /// Pictures and files.
    pub(crate) attachments: Vec<Attachment>,
    /// What it carries besides.
    pub(crate) extra: Extra,
    /// The address of the picture that its author's server shows beside the link.
    #[serde(default)]
    pub(crate) thumbnail: Option<String>,
    /// From where.
    pub(crate) origin: Origin,
}

impl Operation for CreatePost {
    type Output = PostId;
    const NAME: &'static str = "create_post";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<PostId, Refusal> {
        let author = policy::require_actor(desk.caller)?;
        if let Origin::Remote { uri, .. } = &self.origin
            && let Some(known) = posts::find_by_uri(desk.db, uri.as_str())?
        {
            return Ok(known.id);
        }
        let (group, relation) = self.check(desk, desk.now)?;
        if group.local && !self.origin.is_local() {
            check_rate(desk, author)?;
        }
        let before = hold::waiting(desk, &self.origin, author)?;
        let id = before.unwrap_or_else(|| desk.post_id());
        if hold::must_wait(desk, &group, &relation, author)? {
            hold::hold(desk, self, author, id, before.is_none())?;
            return Ok(id);
        }
        if before.is_some() {
            held::delete(desk.db, id)?;
        }
        self.publish(desk, author, &group, id)?;
        Ok(id)
    }
}

impl CreatePost {
    /// Whether it could be posted: who writes, where, and how much. What it carries is looked at as
    /// of the moment at which it is to be posted.
    pub(in crate::operations) fn check(
        &self,
        desk: &mut Desk<'_>,
        at: Ts,
    ) -> Result<(Actor, Relation), Refusal> {
        let group = desk.group(self.group)?;
        let relation = desk.relation(&group)?;
        check_author(desk, &group, &relation)?;
        self.check_size(desk)?;
        if self.origin.is_local() {
            super::checked_title(desk, &self.title, false)?;
            checked_language(self.language.as_deref(), true)?;
            match &self.extra {
                Extra::Poll(poll) => drop(poll::checked(poll, at)?),
                Extra::Event(event) => drop(event::checked(event)?),
                Extra::Nothing | Extra::Question => {}
            }
        }
        Ok((group, relation))
    }

    fn begin_extra(&self, desk: &mut Desk<'_>, post: PostId) -> Result<(), Refusal> {
        let local = self.origin.is_local();
        match &self.extra {
            Extra::Nothing => Ok(()),
            Extra::Poll(poll) => poll::begin(desk, post, poll, local),
            Extra::Event(event) => event::begin(desk, post, event, local),
            Extra::Question => Ok(questions::insert(desk.db, post)?),
        }
    }

    /// The post stands in its group from now on, and others hear of it.
    pub(super) fn publish(
        &self,
        desk: &mut Desk<'_>,
        author: ActorId,
        group: &Actor,
        id: PostId,
    ) -> Result<(), Refusal> {
        let title = super::checked_title(desk, &self.title, !self.origin.is_local())?;
        let limit = desk.settings.posts.mention_limit;
        let text = self.body.render(desk.db, desk.names, limit)?;
        let attachments = self.attached(desk, author, id)?;
        let post = self.post(desk, author, id, title, &text, attachments)?;
        posts::insert(desk.db, &post)?;
        link::note(desk, &post, group, self.thumbnail.as_deref())?;
        self.begin_extra(desk, post.id)?;
        let object = ObjectId::Post(post.id);
        super::index(desk, object, &post.title, &text)?;
        notice::tell(
            desk,
            NoticeKind::Mention,
            &text.mentions,
            author,
            object.number(),
        )?;
        notice::note_thread(desk, &post, group)?;
        if !desk.is_told(group, author)? {
            return Ok(());
        }
        if !self.is_announced() {
            return Ok(held::note_unannounced(desk.db, object)?);
        }
        let mut told = Vec::new();
        if self.origin.is_local() {
            told = text.mentions;
            told.extend(desk.followers_of(author, group)?);
        }
        let created = Activity::Created { object };
        let entry = Desk::entry_in(group, author, created, post.id.0);
        desk.record(entry.to(told).relay(self.origin.relay()));
        Ok(())
    }

    fn check_size(&self, desk: &Desk<'_>) -> Result<(), Refusal> {
        let most = usize::try_from(desk.settings.posts.body_limit).unwrap_or(usize::MAX);
        if self.origin.is_local() && self.body.length() > most {
            return Err(Refusal::invalid(
                "body",
                "post.too_long",
                format!("A post has at most {most} letters."),
            ));
        }
        match &self.link_url {
            Some(url) if !is_web_address(url, self.origin.is_local()) => Err(Refusal::invalid(
                "url",
                "post.link",
                "A link is a whole web address that begins with https:// or http://.",
            )),
            _ => Ok(()),
        }
    }

    /// The pictures and files that it shows: of what is written here, pictures of its author.
    pub(super) fn attached(
        &self,
        desk: &mut Desk<'_>,
        author: ActorId,
        id: PostId,
    ) -> Result<Vec<Attachment>, Refusal> {
        if self.origin.is_local() {
            return media::claim(desk, author, &self.attachments, id.0);
        }
        let first = self.attachments.iter().take(MAX_ATTACHMENTS);
        Ok(first.cloned().collect())
    }

    /// What carries something besides has a kind of its own, and a picture without a word is a page
    /// (federation.md 4.2.2).
    fn kind_with(&self, attachments: &[Attachment]) -> PostKind {
        let bare = !attachments.is_empty() && self.body.is_blank();
        let picture = self.origin.is_local() && self.kind == PostKind::Article && bare;
        let plain = if picture { PostKind::Page } else { self.kind };
        self.extra.kind().unwrap_or(plain)
    }

    /// A foreign post is announced only if it came as an activity that can be passed on.
    fn is_announced(&self) -> bool {
        match &self.origin {
            Origin::Local => true,
            Origin::Remote { relay, .. } => relay.is_some(),
        }
    }

    fn post(
        &self,
        desk: &Desk<'_>,
        author: ActorId,
        id: PostId,
        title: String,
        text: &Rendered,
        attachments: Vec<Attachment>,
    ) -> Result<Post, Refusal> {
        let Birth {
            uri,
            url,
            published_at,
        } = desk.birth(&self.origin, || desk.names.post(id))?;
        Ok(Post {
            id,
            url,
            uri,
            group: self.group,
            author,
            kind: self.kind_with(&attachments),
            title,
            source: text.source.clone(),
            html: text.html.clone(),
            link_url: self.link_url.clone(),
            language: checked_language(self.language.as_deref(), self.origin.is_local())?,
            sensitive: self.sensitive,
            warning: self.warning.as_deref().map(storable),
            attachments,
            published_at,
            edited_at: None,
            locked: false,
            featured_at: None,
            deleted_at: None,
            removed_at: None,
            removal_reason: None,
            upvotes: 0,
            downvotes: 0,
            comment_count: 0,
            active_at: published_at,
            local: self.origin.is_local(),
        })
    }
}

/// Nobody who is banned posts, in a private group only members do, and in a restricted one only
/// moderators.
fn check_author(desk: &mut Desk<'_>, group: &Actor, relation: &Relation) -> Result<(), Refusal> {
    policy::require_not_banned(relation, desk.now)?;
    if !desk.sees(group)? {
        return Err(Refusal::forbidden(
            "group.members_only",
            "Only members write in this group. You can ask to join it.",
        ));
    }
    let moderates = policy::moderates(desk.caller, relation, group.local);
    if group.posting_restricted && group.local && !moderates {
        return Err(Refusal::forbidden(
            "group.restricted",
            "Only moderators start threads in this group; answers are open to everybody.",
        ));
    }
    Ok(())
}

/// Nobody from elsewhere floods the groups of this hub: `limits.remote_posts`, over all of them.
fn check_rate(desk: &mut Desk<'_>, author: ActorId) -> Result<(), Refusal> {
    let Some(quota) = desk.settings.limits.remote_posts.quota() else {
        return Ok(());
    };
    let seconds = i64::try_from(quota.per.as_secs()).unwrap_or(i64::MAX);
    let from = Ids::floor(desk.now.plus_seconds(-seconds));
    if posts::count_of_author(desk.db, author, from)? < i64::from(quota.count) {
        return Ok(());
    }
    Err(Refusal::forbidden(
        "post.flood",
        "Its author posts more than this hub takes from one person.",
    ))
}

/// Whether a link post may be about this address. Who writes here gives it without blanks around, and
/// without the name of a user, which tells nobody but its owner anything.
pub(in crate::operations) fn is_web_address(url: &str, local: bool) -> bool {
    let Ok(parsed) = url::Url::parse(url) else {
        return false;
    };
    let bare = parsed.username().is_empty()
        && parsed.password().is_none()
        && !url.contains(char::is_whitespace);
    url.len() <= 2048
        && !url.contains(char::is_control)
        && matches!(parsed.scheme(), "http" | "https")
        && parsed.has_host()
        && (bare || !local)
}
