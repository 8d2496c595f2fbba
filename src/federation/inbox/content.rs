//! Foreign posts and comments on their way into the store: where they belong, what is missing
//! above them, and what became of them since.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::domain::activity::Origin;
use crate::domain::actor::Actor;
use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, ObjectId, Uri};
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::Operation;
use crate::operations::comment::{CreateComment, UpdateComment};
use crate::operations::markup::Edit;
use crate::operations::moderation::NoteRefusal;
use crate::operations::object::AnnounceObject;
use crate::operations::post::{CreatePost, UpdatePost};
use crate::operations::quote::{QuoteComment, QuotePost};
use crate::store::StoreError;
use crate::store::traces::Trace;

use super::super::read::{self, Draft};
use super::super::wire::{Activity, Object};
use super::case::{Case, Handled, Verdict};
use super::visits::{self, Around, find_mentioned};
use super::{followed, group};

/// The types that become posts or comments (federation.md 4.2.3).
const TEXTS: [&str; 10] = [
    "Note", "Article", "Page", "Question", "Event", "Video", "Audio", "Image", "Document", "Link",
];

/// Bytes of content that are sanitised in less than a millisecond.
const SHORT: usize = 16 * 1024;

/// An object in its author's own words.
pub(super) struct Words {
    /// The object.
    pub(super) object: Object,
    /// Who wrote it.
    pub(super) author: Actor,
    /// Whether the activity that came says the same, so that it can be announced as it is; what
    /// was fetched in its place cannot.
    pub(super) sent: bool,
}

/// Where a foreign object goes.
enum Place {
    /// Under something, in a group.
    Under(Trace, Actor),
    /// Into a group, as a new thread.
    Into(Actor),
    /// Nowhere; why.
    Nowhere(&'static str),
}

/// Stores an object that its author published: in the thread that it answers, or in the group that
/// it is for. What is stored already stays as it is.
pub(super) async fn arrive(case: &Case<'_>, words: &Words) -> Handled {
    let Words {
        object,
        author,
        sent,
    } = words;
    if let Some(why) = useless(case, object) {
        return Ok(Verdict::Ignored(why));
    }
    let around = around(case, object).await?;
    if let Some(why) = around.needless {
        return announce(case, words, around.unannounced, why).await;
    }
    if around
        .group()
        .is_some_and(|group| !is_for(case, object, group))
    {
        return Ok(Verdict::Ignored(NOT_FOR_ALL));
    }
    let mentions = around.mentions.clone();
    match Box::pin(place(case, object, around)).await? {
        Place::Nowhere(why) => Ok(Verdict::Ignored(why)),
        Place::Under(_, group) | Place::Into(group) if !is_for(case, object, &group) => {
            Ok(Verdict::Ignored(NOT_FOR_ALL))
        }
        Place::Under(parent, group) => {
            let relay = case.relay(&group).filter(|_| *sent);
            let draft = draft(case, object, author, &group, mentions).await?;
            let comment = comment(object, draft, &parent, relay)?;
            noted(case, &group, author, comment).await
        }
        Place::Into(group) => {
            let relay = case.relay(&group).filter(|_| *sent);
            let draft = draft(case, object, author, &group, mentions).await?;
            let post = post(object, draft, author, &group, relay)?;
            noted(case, &group, author, post).await
        }
    }
}

/// Stores what came; where a local group does not take it, its moderators are told, who may open
/// the thread or let its author post.
async fn noted<O: Operation>(
    case: &Case<'_>,
    group: &Actor,
    author: &Actor,
    operation: O,
) -> Handled {
    let caller = Caller::Remote { actor: author.id };
    let handled = case.run_as(caller, operation).await;
    if let Err(refusal) = &handled
        && refusal.kind == Kind::Forbidden
        && group.local
    {
        let note = NoteRefusal {
            group: group.id,
            actor: author.id,
            reason: refusal.sentence.clone(),
        };
        Box::pin(case.federation.operations.run(Caller::System, note)).await?;
    }
    handled
}

/// What was fetched before it came is announced now that it can be.
async fn announce(
    case: &Case<'_>,
    words: &Words,
    unannounced: Option<Trace>,
    why: &'static str,
) -> Handled {
    let Some(known) = unannounced.filter(|known| words.sent && known.author == words.author.id)
    else {
        return Ok(Verdict::Ignored(why));
    };
    let group = case.actor_of(known.group).await?;
    let Some(relay) = case.relay(&group) else {
        return Ok(Verdict::Ignored(why));
    };
    let object = known.id;
    let caller = Caller::Remote {
        actor: words.author.id,
    };
    case.run_as(caller, AnnounceObject { object, relay }).await
}

/// Replaces what is stored by what its author says now, if that is newer.
pub(super) async fn change(case: &Case<'_>, known: &Trace, words: &Words) -> Handled {
    let Words {
        object,
        author,
        sent,
    } = words;
    if known.author != author.id {
        return Err(Refusal::forbidden(
            "author.required",
            "Only the author can change this.",
        ));
    }
    let edited_at = read::edited_at(object, known.changed_at, case.now);
    let own = case.believed && case.by.id == author.id;
    // Whoever else says that it changed only made us look; then its own time must say so, but for
    // the counts of a poll.
    let later = object.updated.is_some() && edited_at > known.changed_at;
    let newer = own || later || !object.options.is_empty();
    if known.deleted || edited_at < known.changed_at || !newer {
        return Ok(Verdict::Ignored("what is here is newer, or deleted"));
    }
    let group = case.actor_of(known.group).await?;
    let fits = is_for(case, object, &group);
    if !fits && !group.is_private_group() {
        return Ok(Verdict::Ignored(NOT_FOR_ALL));
    }
    let draft = draft_alone(case, object, author, &group).await?;
    let edit = Edit::Remote {
        edited_at,
        // In a private group the audience stays as it was (security.md H98).
        relay: case.relay(&group).filter(|_| *sent && fits),
    };
    let caller = Caller::Remote { actor: author.id };
    match known.id {
        ObjectId::Comment(comment) => {
            let update = UpdateComment {
                comment,
                body: draft.body,
                language: Some(draft.language),
                sensitive: Some(draft.sensitive),
                warning: Some(draft.warning),
                attachments: Some(draft.attachments),
                edit,
            };
            case.run_as(caller, update).await
        }
        ObjectId::Post(post) => {
            let update = UpdatePost {
                post,
                title: Some(draft.title(object, &author.full_handle())),
                body: Some(draft.body),
                link_url: Some(draft.link_url),
                language: Some(draft.language),
                sensitive: Some(draft.sensitive),
                warning: Some(draft.warning),
                attachments: Some(draft.attachments),
                extra: draft.extra,
                thumbnail: draft.thumbnail,
                edit,
            };
            case.run_as(caller, update).await
        }
    }
}

/// The author of an object, who lives where the object does. With Mobilizon the person is `actor`
/// and the group `attributedTo`.
pub(super) async fn author_of(case: &Case<'_>, object: &Object) -> Result<Actor, Refusal> {
    let wrong = || {
        Refusal::new(
            Kind::Invalid,
            "object.author",
            "The object's author does not live on the object's server.",
        )
    };
    let author = object
        .actor
        .as_deref()
        .or_else(|| object.author())
        .ok_or_else(wrong)?;
    let (id, uri) = (Uri::parse(&object.id), Uri::parse(author));
    match (id, uri) {
        (Some(id), Some(uri)) if id.same_host(&uri) => case.resolver.actor(author).await,
        _ => Err(wrong()),
    }
}

/// The activity, where it says more of the object than the object does.
pub(super) fn activity<'a>(case: &'a Case<'_>) -> Option<&'a Activity> {
    let about = matches!(case.activity.kind.as_str(), "Create" | "Update");
    (about && case.believed).then_some(&case.activity)
}

fn useless(case: &Case<'_>, object: &Object) -> Option<&'static str> {
    match () {
        () if case.federation.names().is_local(&object.id) => Some("it claims to be of this hub"),
        () if !TEXTS.contains(&object.kind.as_str()) => Some("its type is not for groups"),
        () if object.is_poll_vote() => Some("it is a vote in a poll"),
        () => None,
    }
}

/// Why what is addressed otherwise than the group does not stand in it.
const NOT_FOR_ALL: &str = "it is not for all who read the group, or for others too";

fn is_for(case: &Case<'_>, object: &Object, group: &Actor) -> bool {
    read::is_for(group, activity(case), object)
}

/// What the store knows around it. What a group passed on is addressed to that group or to none.
async fn around(case: &Case<'_>, object: &Object) -> Result<Around, Refusal> {
    let most = case.federation.settings();
    let candidates = read::candidates(activity(case), object, most.intake.addressees);
    let heard = match &case.via {
        Some(via) if case.believed || group::names_group(&candidates, via) => Some(via.clone()),
        _ => None,
    };
    let place = visits::Place {
        names: Arc::clone(&case.federation.operations.names),
        id: object.id.clone(),
        above: object.in_reply_to.clone(),
        candidates: case.via.is_none().then_some(candidates),
        mentioned: read::mentioned(object, most.intake.mentions),
    };
    let store = &case.federation.operations.store;
    let mut around = case.federation.visits.around.ask(store, place).await?;
    if case.via.is_some() {
        around.addressed = heard;
    }
    Ok(around)
}

async fn place(case: &Case<'_>, object: &Object, around: Around) -> Result<Place, Refusal> {
    let addressed = around.addressed;
    if let Some(above) = &object.in_reply_to {
        if let Some((known, group)) = around.above {
            return Ok(Place::Under(known, group));
        }
        if addressed.is_none() {
            return Ok(Place::Nowhere("what it answers is not here"));
        }
        match Box::pin(missing(case, above)).await? {
            Above::Here(parent) => {
                let group = case.actor_of(parent.group).await?;
                return Ok(Place::Under(parent, group));
            }
            Above::Lost => return Ok(Place::Nowhere("what it answers cannot be had")),
            // Somebody calls a group into a conversation elsewhere: that begins a thread in it.
            Above::Outside if case.via.is_some() => {
                return Ok(Place::Nowhere("what it answers is not in the group"));
            }
            Above::Outside => {}
        }
    }
    let group = match addressed {
        None if case.via.is_none() && object.in_reply_to.is_none() => {
            followed::group(case, object).await?
        }
        addressed => addressed,
    };
    Ok(group.map_or(
        Place::Nowhere("it is not for a group of this hub"),
        Place::Into,
    ))
}

/// What an answer answers, after it was looked for.
enum Above {
    /// It is stored now.
    Here(Trace),
    /// The thread begins outside every group that is known here.
    Outside,
    /// Something above it is gone, not for everybody, waits for a moderator, or is too far away.
    Lost,
}

/// Fetches and stores what stands above an answer, from the top down.
async fn missing(case: &Case<'_>, above: &str) -> Result<Above, Refusal> {
    let ancestors = case.resolver.ancestors(above).await?;
    if !ancestors.complete {
        return Ok(Above::Lost);
    }
    let mut chain: VecDeque<Object> = ancestors.missing.into_iter().rev().collect();
    let mut above = match ancestors.known {
        Some(known) => known,
        None => match begin(case, chain.pop_front()).await? {
            Above::Here(root) => root,
            lost => return Ok(lost),
        },
    };
    for object in chain {
        let group = case.actor_of(above.group).await?;
        if !read::is_for(&group, None, &object) {
            return Ok(Above::Lost);
        }
        let author = author_of(case, &object).await?;
        let draft = draft_alone(case, &object, &author, &group).await?;
        let comment = comment(&object, draft, &above, None)?;
        let caller = Caller::Remote { actor: author.id };
        Box::pin(case.federation.operations.run(caller, comment)).await?;
        match case.resolver.known_object(&object.id).await? {
            Some(known) => above = known,
            None => return Ok(Above::Lost),
        }
    }
    Ok(Above::Here(above))
}

/// Stores the fetched beginning of a thread, if it is for a group.
async fn begin(case: &Case<'_>, root: Option<Object>) -> Result<Above, Refusal> {
    let Some(root) = &root else {
        return Ok(Above::Lost);
    };
    let most = case.federation.settings().intake.addressees;
    let candidates = read::candidates(None, root, most);
    let group = match &case.via {
        Some(via) if group::names_group(&candidates, via) => Some(via.clone()),
        Some(_) => None,
        None => group::local_group(case.federation, candidates).await?,
    };
    let Some(group) = group else {
        return Ok(Above::Outside);
    };
    if useless_fetched(case, root, &group) {
        return Ok(Above::Lost);
    }
    let author = author_of(case, root).await?;
    let draft = draft_alone(case, root, &author, &group).await?;
    let post = post(root, draft, &author, &group, None)?;
    let caller = Caller::Remote { actor: author.id };
    Box::pin(case.federation.operations.run(caller, post)).await?;
    let known = case.resolver.known_object(&root.id).await?;
    Ok(known.map_or(Above::Lost, Above::Here))
}

fn useless_fetched(case: &Case<'_>, object: &Object, group: &Actor) -> bool {
    let local = case.federation.names().is_local(&object.id);
    local || !TEXTS.contains(&object.kind.as_str()) || !read::is_for(group, None, object)
}

fn post(
    object: &Object,
    draft: Draft,
    author: &Actor,
    group: &Actor,
    relay: Option<String>,
) -> Result<QuotePost, Refusal> {
    let origin = origin(object, &draft, relay)?;
    let post = CreatePost {
        group: group.id,
        kind: draft.kind,
        title: draft.title(object, &author.full_handle()),
        body: draft.body,
        link_url: draft.link_url,
        language: draft.language,
        sensitive: draft.sensitive,
        warning: draft.warning,
        attachments: draft.attachments,
        extra: draft.extra,
        thumbnail: draft.thumbnail,
        origin,
    };
    Ok(QuotePost {
        post,
        quote: object.quote.clone(),
        stamp: object.quote_authorization.clone(),
    })
}

fn comment(
    object: &Object,
    draft: Draft,
    parent: &Trace,
    relay: Option<String>,
) -> Result<QuoteComment, Refusal> {
    let origin = origin(object, &draft, relay)?;
    let comment = CreateComment {
        parent: parent.id,
        body: draft.body,
        language: draft.language,
        sensitive: draft.sensitive,
        warning: draft.warning,
        attachments: draft.attachments,
        distinguished: draft.distinguished,
        origin,
    };
    Ok(QuoteComment {
        comment,
        quote: object.quote.clone(),
        stamp: object.quote_authorization.clone(),
    })
}

fn origin(object: &Object, draft: &Draft, relay: Option<String>) -> Result<Origin, Refusal> {
    let mut origin = origin_of(object, relay, draft.published_at)?;
    if let Origin::Remote { url, .. } = &mut origin {
        url.clone_from(&draft.url);
    }
    Ok(origin)
}

/// Where an object came into being, without its page.
pub(super) fn origin_of(
    object: &Object,
    relay: Option<String>,
    published_at: Ts,
) -> Result<Origin, Refusal> {
    let uri = Uri::parse(&object.id).ok_or_else(|| {
        Refusal::new(
            Kind::Invalid,
            "object.unreadable",
            "The object has no usable id.",
        )
    })?;
    Ok(Origin::Remote {
        uri,
        url: None,
        published_at,
        relay,
    })
}

/// Reads an object whose mentions were not looked up yet.
async fn draft_alone(
    case: &Case<'_>,
    object: &Object,
    author: &Actor,
    group: &Actor,
) -> Result<Draft, Refusal> {
    let mentioned = read::mentioned(object, case.federation.settings().intake.mentions);
    let store = &case.federation.operations.store;
    let mentions = if mentioned.is_empty() {
        Vec::new()
    } else {
        store
            .look_up(move |db| find_mentioned(db, &mentioned))
            .await?
    };
    draft(case, object, author, group, mentions).await
}

/// Reads the object, without its pictures and files where they are not wanted from its server.
async fn draft(
    case: &Case<'_>,
    object: &Object,
    author: &Actor,
    group: &Actor,
    mentions: Vec<ActorId>,
) -> Result<Draft, Refusal> {
    let mut draft = whole(case, object, group, mentions).await?;
    let operations = &case.federation.operations;
    if operations.treatment(&author.host).await?.reject_media {
        draft.attachments.clear();
    }
    Ok(draft)
}

/// Reads the object; a long one off the threads that serve others: sanitising takes time.
async fn whole(
    case: &Case<'_>,
    object: &Object,
    group: &Actor,
    mut mentions: Vec<ActorId>,
) -> Result<Draft, Refusal> {
    mentions.retain(|id| *id != group.id);
    let (now, settings) = (case.now, case.federation.settings());
    if object.content.as_ref().map_or(0, String::len) <= SHORT {
        let most = &settings.intake;
        return Ok(read::draft(object, &group.name, mentions, now, most));
    }
    let (object, group) = (object.clone(), group.name.clone());
    let store = &case.federation.operations.store;
    let read = store.look_up(move |_db| {
        let most = &settings.intake;
        Ok::<_, StoreError>(read::draft(&object, &group, mentions, now, most))
    });
    read.await.map_err(Refusal::from)
}
