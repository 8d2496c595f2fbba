//! A post comes into being in a group, from here or from elsewhere.

use crate::domain::activity::{Activity, Origin};
use crate::domain::actor::Actor;
use crate::domain::ids::{ActorId, ObjectId, PostId};
use crate::domain::notice::NoticeKind;
use crate::domain::policy;
use crate::domain::post::{Attachment, Extra, MAX_ATTACHMENTS, Post, PostKind};
use crate::domain::refusal::Refusal;
use crate::operations::access::Birth;
use crate::operations::markup::{Markup, Rendered, storable};
use crate::operations::{Desk, Operation, event, notice, poll};
use crate::store::posts;

/// A post comes into being; the caller is its author.
#[derive(Clone, Debug)]
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
        let group = desk.group(self.group)?;
        check_author(desk, &group)?;
        let title = super::checked_title(desk, &self.title, !self.origin.is_local())?;
        self.check_size(desk)?;
        let limit = desk.settings.posts.mention_limit;
        let text = self.body.render(desk.db, desk.names, limit)?;
        let post = self.post(desk, author, title, &text)?;
        posts::insert(desk.db, &post)?;
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
        if desk.is_told(&group, author)? && self.is_announced() {
            let entry = Desk::entry_in(&group, author, Activity::Created { object }, post.id.0)
                .to(if self.origin.is_local() {
                    text.mentions
                } else {
                    Vec::new()
                })
                .relay(self.origin.relay());
            desk.record(entry);
        }
        Ok(post.id)
    }
}

impl CreatePost {
    fn begin_extra(&self, desk: &mut Desk<'_>, post: PostId) -> Result<(), Refusal> {
        let local = self.origin.is_local();
        match &self.extra {
            Extra::Nothing => Ok(()),
            Extra::Poll(poll) => poll::begin(desk, post, poll, local),
            Extra::Event(event) => event::begin(desk, post, event, local),
        }
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
            Some(url) if !is_web_address(url) => Err(Refusal::invalid(
                "url",
                "post.link",
                "A link is a whole web address that begins with https:// or http://.",
            )),
            _ => Ok(()),
        }
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
        title: String,
        text: &Rendered,
    ) -> Result<Post, Refusal> {
        let id = desk.post_id();
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
            kind: self.extra.kind().unwrap_or(self.kind),
            title,
            source: text.source.clone(),
            html: text.html.clone(),
            link_url: self.link_url.clone(),
            language: self.language.clone(),
            sensitive: self.sensitive,
            warning: self.warning.as_deref().map(storable),
            attachments: self
                .attachments
                .iter()
                .take(MAX_ATTACHMENTS)
                .cloned()
                .collect(),
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

/// Nobody who is banned posts, and in a restricted group only moderators do.
fn check_author(desk: &mut Desk<'_>, group: &Actor) -> Result<(), Refusal> {
    let relation = desk.relation(group)?;
    policy::require_not_banned(&relation, desk.now)?;
    let moderates = policy::moderates(desk.caller, &relation, group.local);
    if group.posting_restricted && group.local && !moderates {
        return Err(Refusal::forbidden(
            "group.restricted",
            "Only moderators start threads in this group; answers are open to everybody.",
        ));
    }
    Ok(())
}

/// Whether a link post may be about this address.
pub(in crate::operations) fn is_web_address(url: &str) -> bool {
    url.len() <= 2048
        && !url.contains(char::is_control)
        && url::Url::parse(url)
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}
