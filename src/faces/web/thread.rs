//! A thread: the post, its comments, and what people do with them.

use serde::Serialize;

use crate::crypto::token::random;
use crate::domain::activity::Origin;
use crate::domain::ids::{ActorId, CommentId, ObjectId, PostId, Uri};
use crate::domain::page::Cursor;
use crate::domain::poll::MOST_CHOICES;
use crate::domain::post::Attachment;
use crate::domain::reading::{CommentSort, Watch};
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::comment::CreateComment;
use crate::operations::draft::{DiscardAnswer, KeepAnswer, SendAnswer};
use crate::operations::markup::Markup;
use crate::operations::object::{DeleteObject, RestoreObject};
use crate::operations::once::Once;
use crate::operations::poll::VoteInPoll;
use crate::operations::quote::QuoteComment;
use crate::operations::reaction::{React, Vote};
use crate::operations::reading::MarkThreadRead;
use crate::views::group;
use crate::views::post::{self, PostCard};
use crate::views::quote;
use crate::views::related;
use crate::views::thread::{self, Reading, Wanted};

use super::answer::{Answer, Led, Page, Wrong};
use super::form::{Fields, Submission};
use super::frame::{Choice, choices};
use super::group::GroupModel;
use super::held;
use super::model::{CommentModel, Face, PostModel, attached, is_web, nested};
use super::pictures::{self, Pictures};
use super::quotes::QuoteModel;
use super::related::RelatedModel;
use super::sharing::Shared;
use super::visit::Visit;

/// Comments of one page of a thread.
const PAGE: usize = 50;

#[derive(Serialize)]
struct Model {
    post: PostModel,
    quote: Option<QuoteModel>,
    quote_href: Option<String>,
    group: GroupModel,
    answer: Option<CommentModel>,
    may_choose: bool,
    /// Whether there are pictures to be looked at above the page.
    shows_pictures: bool,
    history: bool,
    sorts: Vec<SortLink>,
    comments: Vec<CommentModel>,
    next: Option<String>,
    partial: bool,
    news: Option<NewsModel>,
    /// `None` where nothing can come any more.
    live: Option<Live>,
    watch: Option<&'static str>,
    waits: bool,
    /// Other threads that are about the same.
    related: Vec<RelatedModel>,
    /// The reactions that the hub offers.
    offered: Vec<String>,
    body: String,
    /// In which the answer may be written, if not in that of the post.
    languages: Vec<Choice>,
    /// Whether an answer to the post is kept.
    kept: bool,
    /// The id of what the answer quotes.
    quoting: Option<String>,
    /// What tells the forms of this page from those of others.
    once: String,
    pictures: Pictures,
    wrong: Wrong,
}

/// What somebody answers.
#[derive(Default)]
struct Typed {
    /// The form, if it was sent.
    fields: Fields,
    pictures: Vec<Attachment>,
    /// The id of what it quotes.
    quote: Option<String>,
}

impl Typed {
    /// Nothing yet, but for what the address says.
    fn asked(visit: &Visit) -> Self {
        Self {
            quote: visit.query("quote").map(str::to_owned),
            ..Self::default()
        }
    }

    /// What was sent; else what is kept.
    fn body<'a>(&'a self, kept: Option<&'a str>) -> &'a str {
        self.fields.find("body").or(kept).unwrap_or_default()
    }
}

/// A way to order comments.
#[derive(Serialize)]
struct SortLink {
    key: &'static str,
    href: String,
    current: bool,
}

/// What came since the viewer was there.
#[derive(Serialize)]
struct NewsModel {
    count: i64,
    href: String,
}

/// Where the page's script hears of what comes, and where that is to be read.
#[derive(Serialize)]
struct Live {
    events: String,
    href: String,
}

/// `/post/{id}`: the post and a page of its comments.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    let post = visit.post()?;
    match page(&visit, post, Typed::asked(&visit), Wrong::default()).await {
        Err(refusal) if refusal.kind == Kind::NotFound => held::show(&visit, post, refusal).await,
        page => Ok(page?.into()),
    }
}

/// `/comment/{id}`: leads to the place of the comment in its thread.
pub(super) async fn comment(visit: Visit) -> Result<Answer, Refusal> {
    let comment = visit.comment()?;
    Ok(Led::to(place(&visit, ObjectId::Comment(comment)).await?).into())
}

/// The part of the thread that the address asks for.
fn wanted(visit: &Visit) -> Wanted {
    let focus = visit.query("comment").and_then(|id| id.parse().ok());
    Wanted {
        sort: visit
            .query("sort")
            .and_then(CommentSort::parse)
            .unwrap_or_default(),
        focus: focus.map(CommentId),
        after: visit
            .query("after")
            .and_then(Cursor::decode)
            .map(|cursor| CommentId(cursor.id)),
        limit: PAGE,
    }
}

/// The page of a thread, with what somebody wrote and what was wrong with it.
async fn page(visit: &Visit, post: PostId, typed: Typed, wrong: Wrong) -> Result<Page, Refusal> {
    let (caller, viewer, now) = (visit.caller(), visit.actor(), visit.now);
    let wanted = wanted(visit);
    let (reading, page, quote, related) = visit
        .state
        .read(move |db| {
            let reading = thread::read(db, viewer, post, wanted)?;
            let page = group::page(db, reading.post.group.clone(), caller, now)?;
            let quote = quote::of_post(db, viewer, &reading.post.post)?;
            let related = related::of(db, viewer, &reading.post.post)?;
            Ok::<_, Refusal>((reading, page, quote, related))
        })
        .await?;
    let author = viewer == Some(reading.post.post.author);
    refuse_hidden(&reading.post, page.moderates || author)?;
    if viewer.is_some() && !reading.post.post.local {
        visit.state.federation.want_thread(post);
    }
    mark_read(visit, &reading).await;
    let card = &reading.post;
    let comments = comments(&reading, wanted, viewer);
    let kept = kept(&reading, ObjectId::Post(post));
    let model = Model {
        shows_pictures: shows_pictures(card, &comments),
        post: PostModel::new(card, viewer),
        quote: quote.as_ref().and_then(QuoteModel::new),
        quote_href: quote_href(card),
        answer: answer(&reading, viewer),
        may_choose: card.question.is_some() && (author || page.moderates),
        history: visit.settings.posts.history_public || author || page.moderates,
        sorts: sorts(post, wanted),
        comments,
        next: reading.next.map(|last| next(post, wanted, last)),
        partial: wanted.after.is_some() || wanted.focus.is_some(),
        news: news(post, &reading),
        live: live(post, &reading),
        watch: reading.watch.map(Watch::as_str),
        waits: reading.waits,
        group: GroupModel::new(&page),
        related: related.into_iter().map(RelatedModel::new).collect(),
        offered: visit.settings.posts.reactions.clone(),
        pictures: Pictures::new(visit, &typed.pictures).sent(&typed.fields),
        languages: choices(visit, Some(typed.fields.text("language"))),
        body: typed.body(kept).to_owned(),
        kept: kept.is_some(),
        quoting: typed.quote.filter(|uri| is_web(uri)),
        once: random(),
        wrong,
    };
    let shown = Page::new("thread.html", card.post.title.clone(), &model)
        .alternate(shown_id(&reading, wanted.focus).as_str())
        .canonical(&card.post.url);
    let shown = if page.group.is_private_group() {
        shown
    } else {
        let shared = Shared::thread(visit, card, reading.answer.as_ref());
        shown.feed(format!("/post/{post}/feed.atom")).shared(shared)
    };
    let listed = page.group.discoverable || !page.group.local;
    Ok(if listed { shown } else { shown.unlisted() })
}

/// Notes how far a member has read; a page that could be made is shown even if that fails.
async fn mark_read(visit: &Visit, reading: &Reading) {
    let known = reading.read_to.is_some_and(|known| known >= reading.last);
    if visit.actor().is_none() || known {
        return;
    }
    let mark = MarkThreadRead {
        post: reading.post.post.id,
        last: reading.last,
    };
    let done = visit.state.operations().run(visit.caller(), mark).await;
    if let Err(error) = done {
        tracing::warn!(%error, "what a member read was not noted");
    }
}

fn shows_pictures(card: &PostCard, comments: &[CommentModel]) -> bool {
    let own = attached(&card.post.attachments);
    let mut all = own
        .iter()
        .chain(comments.iter().flat_map(|one| &one.attachments));
    all.any(|file| file.picture)
}

fn comments(reading: &Reading, wanted: Wanted, viewer: Option<ActorId>) -> Vec<CommentModel> {
    let poster = Some(reading.post.post.author);
    let chosen = reading.answer.as_ref().map(|card| card.comment.id.0);
    let mut models = nested(&reading.comments, poster, viewer);
    for model in &mut models {
        let id = CommentId(model.id);
        model.accepted = chosen == Some(model.id);
        model.focus = wanted.focus == Some(id);
        if let Some(kept) = kept(reading, ObjectId::Comment(id)) {
            kept.clone_into(&mut model.kept);
        }
        model.below = reading.below.get(&id).copied().unwrap_or(0);
        model.fresh = !model.mine && reading.read_to.is_some_and(|last| last < model.id);
    }
    models
}

/// What the viewer typed as an answer to something.
fn kept(reading: &Reading, to: ObjectId) -> Option<&str> {
    let mut kept = reading.kept.iter();
    kept.find(|answer| answer.to == to)
        .map(|answer| answer.body.as_str())
}

fn answer(reading: &Reading, viewer: Option<ActorId>) -> Option<CommentModel> {
    let poster = Some(reading.post.post.author);
    let card = reading.answer.as_ref()?;
    Some(CommentModel {
        accepted: true,
        ..CommentModel::new(card, poster, viewer)
    })
}

fn sorts(post: PostId, wanted: Wanted) -> Vec<SortLink> {
    let link = |sort: CommentSort| SortLink {
        key: sort.as_str(),
        href: format!("/post/{post}?sort={}#comments", sort.as_str()),
        current: sort == wanted.sort,
    };
    CommentSort::ALL.map(link).into()
}

fn next(post: PostId, wanted: Wanted, last: CommentId) -> String {
    let cursor = Cursor {
        key: 0.0,
        id: last.0,
    };
    let sort = wanted.sort.as_str();
    let focus = wanted
        .focus
        .map_or_else(String::new, |id| format!("&comment={id}"));
    let after = cursor.encode();
    format!("/post/{post}?sort={sort}{focus}&after={after}#comments")
}

/// The way to the first comment that the viewer has not read.
fn news(post: PostId, reading: &Reading) -> Option<NewsModel> {
    let news = reading.news?;
    let first = news.first;
    let here = reading.comments.iter().any(|card| card.comment.id == first);
    Some(NewsModel {
        count: news.count,
        href: if here {
            format!("#comment-{first}")
        } else {
            format!("/post/{post}?comment={first}#comment-{first}")
        },
    })
}

fn live(post: PostId, reading: &Reading) -> Option<Live> {
    let open = !reading.post.post.hidden();
    open.then(|| Live {
        events: format!("/post/{post}/live?since={}", reading.last),
        href: format!("/post/{post}?sort=new#comments"),
    })
}

/// The id of what the page is about: the comment that was asked for, else the post.
fn shown_id(reading: &Reading, focus: Option<CommentId>) -> &Uri {
    let mut comments = reading.comments.iter();
    let asked = focus.and_then(|id| comments.find(|card| card.comment.id == id));
    asked.map_or(&reading.post.post.uri, |card| &card.comment.uri)
}

/// Where a post that quotes this one is written.
fn quote_href(card: &PostCard) -> Option<String> {
    let open = !card.group.is_private_group() && !card.post.hidden();
    let uri = card.post.uri.as_str().as_bytes();
    let quoted: String = url::form_urlencoded::byte_serialize(uri).collect();
    let group = Face::new(&card.group).href;
    open.then(|| format!("{group}/new?quote={quoted}"))
}

/// What was deleted or removed is shown to its author and to moderators only, who can bring it back.
fn refuse_hidden(card: &PostCard, sees: bool) -> Result<(), Refusal> {
    if card.post.hidden() && !sees {
        return Err(Refusal::new(
            Kind::Gone,
            "post.gone",
            "This post is no longer there.",
        ));
    }
    Ok(())
}

/// The path of a post or comment.
pub(super) async fn place(visit: &Visit, object: ObjectId) -> Result<String, Refusal> {
    let ObjectId::Comment(id) = object else {
        return Ok(format!("/post/{}", object.number()));
    };
    let viewer = visit.actor();
    let card = visit
        .state
        .read(move |db| post::comment(db, viewer, id))
        .await?;
    Ok(format!(
        "/post/{}?comment={id}#comment-{id}",
        card.comment.post
    ))
}

/// `/post/{id}/comments` and `/comment/{id}/answers`: an answer, to be sent, kept or thrown away.
pub(super) async fn reply(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let parent = visit.object()?;
    if form.fields.ticked("keep") {
        return keep(&form, parent).await;
    }
    if form.fields.ticked("discard") {
        return discard(visit, parent).await;
    }
    let (pictures, refused) = pictures::take(&form).await;
    let quote = form.fields.filled("quote");
    let comment = comment_of(&form, parent, pictures.clone());
    let answer = QuoteComment {
        comment,
        quote,
        stamp: None,
    };
    let make = SendAnswer { answer };
    let key = form.key();
    let send = Once { key, make };
    let made = match refused {
        None => visit.state.operations().run(visit.caller(), send).await,
        Some(refusal) => Err(refusal),
    };
    match made {
        Ok(id) => {
            let place = place(visit, ObjectId::Comment(id)).await?;
            Ok(Led::to(place).note("answered").into())
        }
        Err(refusal) => unsent(&form, parent, pictures, refusal).await,
    }
}

/// What is typed is kept, to go on later.
async fn keep(form: &Submission, parent: ObjectId) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let keep = KeepAnswer {
        to: parent,
        body: form.fields.text("body").to_owned(),
    };
    match visit.state.operations().run(visit.caller(), keep).await {
        Ok(()) => {
            let place = box_of(visit, parent).await?;
            let typed = form.fields.filled("body").is_some();
            let note = if typed {
                "draft-kept"
            } else {
                "draft-discarded"
            };
            Ok(Led::to(place).note(note).into())
        }
        Err(refusal) => unsent(form, parent, Vec::new(), refusal).await,
    }
}

/// What was kept is thrown away, if it was not before.
async fn discard(visit: &Visit, parent: ObjectId) -> Result<Answer, Refusal> {
    let to = parent.number();
    let discard = DiscardAnswer { to };
    let done = visit.state.operations().run(visit.caller(), discard).await;
    match done {
        Err(refusal) if refusal.kind != Kind::NotFound => Err(refusal),
        _ => {
            let place = box_of(visit, parent).await?;
            Ok(Led::to(place).note("draft-discarded").into())
        }
    }
}

/// Where an answer to something is written.
async fn box_of(visit: &Visit, parent: ObjectId) -> Result<String, Refusal> {
    match parent {
        ObjectId::Post(id) => Ok(format!("/post/{id}#answer")),
        ObjectId::Comment(_) => place(visit, parent).await,
    }
}

/// The thread with what was typed in it, if that can be mended.
async fn unsent(
    form: &Submission,
    parent: ObjectId,
    pictures: Vec<Attachment>,
    refusal: Refusal,
) -> Result<Answer, Refusal> {
    if !matches!(refusal.kind, Kind::Invalid | Kind::TooLarge) {
        return Err(refusal);
    }
    let visit = &form.visit;
    let post = post_of(visit, parent).await?;
    let typed = Typed {
        fields: form.fields.clone(),
        pictures,
        quote: form.fields.filled("quote"),
    };
    let page = page(visit, post, typed, visit.wrong(&refusal)).await?;
    Ok(page.rejected(&refusal).into())
}

/// The comment of a form.
fn comment_of(form: &Submission, parent: ObjectId, attachments: Vec<Attachment>) -> CreateComment {
    CreateComment {
        parent,
        body: Markup::Markdown(form.fields.text("body").to_owned()),
        language: Some(form.fields.text("language").to_owned()).filter(|tag| !tag.is_empty()),
        sensitive: false,
        warning: None,
        attachments,
        distinguished: form.fields.ticked("distinguished"),
        origin: Origin::Local,
    }
}

async fn post_of(visit: &Visit, object: ObjectId) -> Result<PostId, Refusal> {
    match object {
        ObjectId::Post(id) => Ok(id),
        ObjectId::Comment(id) => {
            let viewer = visit.actor();
            let card = visit
                .state
                .read(move |db| post::comment(db, viewer, id))
                .await?;
            Ok(card.comment.post)
        }
    }
}

/// `.../vote`: likes, dislikes, or takes it back.
pub(super) async fn vote(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let object = visit.object()?;
    let value = match form.fields.text("value") {
        "1" => 1,
        "-1" => -1,
        _ => 0,
    };
    let vote = Vote {
        object,
        value,
        relay: None,
    };
    visit.state.operations().run(visit.caller(), vote).await?;
    let back = visit
        .referer
        .clone()
        .filter(|path| !path.starts_with("/post/"));
    let to = match back {
        Some(path) => path,
        None => place(visit, object).await?,
    };
    Ok(Led::to(to).into())
}

/// `.../react`: reacts with an emoji, or no more.
pub(super) async fn react(form: Submission) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    let object = visit.object()?;
    let react = React {
        object,
        content: fields.text("content").to_owned(),
        on: fields.text("on") == "true",
    };
    visit.state.operations().run(visit.caller(), react).await?;
    Ok(Led::to(place(visit, object).await?).into())
}

/// `/post/{id}/poll`: a choice, or several where the poll lets people choose several.
pub(super) async fn choose(form: Submission) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    let post = visit.post()?;
    let one = fields.text("choice").parse().ok();
    let several = (0i32..).take(MOST_CHOICES);
    let ticked = several.filter(|place| fields.ticked(&format!("choice-{place}")));
    let choices = ticked.chain(one).collect();
    let vote = VoteInPoll { post, choices };
    visit.state.operations().run(visit.caller(), vote).await?;
    Ok(Led::to(format!("/post/{post}")).note("voted").into())
}

/// `.../delete`: the author takes it away; it can be restored.
pub(super) async fn delete(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let object = visit.object()?;
    let delete = DeleteObject {
        object,
        relay: None,
    };
    visit.state.operations().run(visit.caller(), delete).await?;
    let led = Led::to(place(visit, object).await?).note("deleted");
    Ok(led.undo(object, "restore").into())
}

/// `.../restore`: the author brings it back.
pub(super) async fn restore(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let object = visit.object()?;
    let restore = RestoreObject {
        object,
        relay: None,
    };
    visit
        .state
        .operations()
        .run(visit.caller(), restore)
        .await?;
    Ok(Led::to(place(visit, object).await?).note("restored").into())
}
