//! Writing: new posts, and changes of posts and comments, each with a preview that the server makes.

use crate::domain::draft::{Content, Form, Meeting};
use crate::domain::ids::ObjectId;
use crate::domain::policy;
use crate::domain::post::Extra;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::comment::UpdateComment;
use crate::operations::draft::{PostDraft, SaveDraft};
use crate::operations::markup::{Edit, Markup};
use crate::operations::once::Once;
use crate::operations::post::UpdatePost;
use crate::operations::version::{self, ChangeVersion};
use crate::views::{draft, post};

use super::answer::{Answer, Led, Page};
use super::compose::{Desktop, Model, Sheet};
use super::form::Submission;
use super::held;
use super::model::{PostModel, posts};
use super::pictures;
use super::thread::place;
use super::visit::Visit;

/// `/new` and `/c/{name}/new`: an empty sheet, or a draft to go on with.
pub(super) async fn new_form(visit: Visit) -> Result<Answer, Refusal> {
    let member = policy::require_actor(visit.caller())?;
    let mut sheet = Sheet::asked(&visit);
    if let Some(id) = sheet.draft {
        let look = visit.state.read(move |db| draft::find(db, member, id));
        sheet = Sheet::kept(look.await?);
    }
    let desktop = Desktop::lay(&visit, member, &sheet).await?;
    Ok(desktop.page(&visit, sheet, |model| model).into())
}

/// `/new` and `/c/{name}/new`, sent: a post, a draft, a plan, or a look at it.
pub(super) async fn new(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let member = policy::require_actor(visit.caller())?;
    let (mut sheet, fields) = (Sheet::read(visit, &form.fields), &form.fields);
    let desktop = Desktop::lay(visit, member, &sheet).await?;
    let (taken, refused) = pictures::take(&form).await;
    sheet.content.attachments = taken;
    if refused.is_none() && fields.ticked("preview") {
        let title = sheet.content.title.clone();
        let look = visit
            .state
            .read(move |db| draft::similar(db, Some(member), &title));
        let similar = look.await?;
        let shown = |model: Model| {
            model
                .sent(fields)
                .previewed()
                .beside(&similar, Some(member))
        };
        return Ok(desktop.page(visit, sheet, shown).into());
    }
    let done = if let Some(refusal) = refused {
        Err(refusal)
    } else if fields.ticked("keep") || fields.ticked("plan") {
        keep(visit, &desktop, &sheet, fields.ticked("plan")).await
    } else {
        send(&form, &desktop, &sheet).await
    };
    match done {
        Err(refusal) if matches!(refusal.kind, Kind::Invalid | Kind::TooLarge) => {
            let wrong = visit.wrong(&refusal);
            let page = desktop.page(visit, sheet, |model| model.sent(fields).wrong(wrong));
            Ok(page.rejected(&refusal).into())
        }
        done => Ok(done?.into()),
    }
}

async fn send(form: &Submission, desktop: &Desktop, sheet: &Sheet) -> Result<Led, Refusal> {
    let visit = &form.visit;
    let make = PostDraft {
        draft: sheet.draft,
        group: desktop.group(),
        content: sheet.content.clone(),
    };
    let key = form.key();
    let create = Once { key, make };
    let id = visit.state.operations().run(visit.caller(), create).await?;
    let note = if held::waits(visit, id).await {
        "held"
    } else {
        "posted"
    };
    Ok(Led::to(format!("/post/{id}")).note(note))
}

async fn keep(
    visit: &Visit,
    desktop: &Desktop,
    sheet: &Sheet,
    planned: bool,
) -> Result<Led, Refusal> {
    let save = SaveDraft {
        draft: sheet.draft,
        group: desktop.group(),
        content: sheet.content.clone(),
        publish_at: if planned { Some(sheet.time()?) } else { None },
    };
    let id = visit.state.operations().run(visit.caller(), save).await?;
    Ok(if planned {
        Led::to("/drafts").note("draft-planned")
    } else {
        Led::to(format!("/new?draft={id}")).note("draft-kept")
    })
}

/// `/new/similar?title=`: what is like it already, for the composer's script.
pub(super) async fn similar(visit: Visit) -> Result<Answer, Refusal> {
    let member = policy::require_actor(visit.caller())?;
    let title = visit.query("title").unwrap_or_default().to_owned();
    let look = visit
        .state
        .read(move |db| draft::similar(db, Some(member), &title));
    let page = crate::domain::page::Page {
        items: look.await?,
        next: None,
    };
    let similar: Vec<PostModel> = posts(page, "/new/similar", Some(member)).items;
    let model = minijinja::context! { similar };
    Ok(Page::new("_similar.html", "", &model).unlisted().into())
}

/// `/post/{id}/edit` and `/comment/{id}/edit`.
pub(super) async fn edit_form(visit: Visit) -> Result<Answer, Refusal> {
    let stored = stored(&visit).await?;
    let model = Model::edit(&visit, stored.content, stored.back);
    let model = model.of_version(Some(stored.version));
    Ok(edit_page(&visit, model).into())
}

fn edit_page(visit: &Visit, model: Model) -> Page {
    let comment = visit.path.starts_with("/comment/");
    Page::new(
        "write.html",
        visit.text("edit-title"),
        &model.of_comment(comment),
    )
    .unlisted()
}

/// What is to be changed.
struct Stored {
    content: Content,
    /// Where it stands.
    back: String,
    version: String,
}

/// What is to be changed, for its author only.
async fn stored(visit: &Visit) -> Result<Stored, Refusal> {
    let object = visit.object()?;
    let back = place(visit, object).await?;
    let viewer = visit.actor();
    let (author, content, version) = visit
        .state
        .read(move |db| match object {
            ObjectId::Post(id) => {
                let card = post::visible_card(db, viewer, id)?;
                let (author, post) = (card.post.author, &card.post);
                let version = version::name(post.edited_at, post.published_at);
                Ok::<_, Refusal>((author, content_of(card), version))
            }
            ObjectId::Comment(id) => {
                let comment = post::comment(db, viewer, id)?.comment;
                let version = version::name(comment.edited_at, comment.published_at);
                let content = Content {
                    body: comment.source.unwrap_or_default(),
                    language: comment.language.unwrap_or_default(),
                    attachments: comment.attachments,
                    ..Content::default()
                };
                Ok((comment.author, content, version))
            }
        })
        .await?;
    policy::require_author(visit.caller(), author)?;
    Ok(Stored {
        content,
        back,
        version,
    })
}

fn content_of(card: post::PostCard) -> Content {
    let (post, event) = (card.post, card.event.map(|card| card.event));
    Content {
        form: if event.is_some() {
            Form::Event
        } else {
            Form::Text
        },
        meeting: event.as_ref().map(Meeting::of).unwrap_or_default(),
        title: post.title,
        url: post.link_url.unwrap_or_default(),
        body: post.source.unwrap_or_default(),
        language: post.language.unwrap_or_default(),
        sensitive: post.sensitive,
        attachments: post.attachments,
        ..Content::default()
    }
}

/// `.../edit`, sent: the change, or a look at it.
pub(super) async fn edit(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let stored = stored(visit).await?;
    let mut content = Sheet::read(visit, &form.fields).content;
    let (taken, refused) = pictures::take(&form).await;
    content.attachments = taken;
    let version = form.fields.filled("version");
    let model = |content, version| {
        let model = Model::edit(visit, content, stored.back).of_version(version);
        model.sent(&form.fields)
    };
    if refused.is_none() && form.fields.ticked("preview") {
        return Ok(edit_page(visit, model(content, version).previewed()).into());
    }
    let changed = match refused {
        None => change(visit, &content, version.clone()).await,
        Some(refusal) => Err(refusal),
    };
    let Err(refusal) = changed else {
        let back = place(visit, visit.object()?).await?;
        return Ok(Led::to(back).note("saved").into());
    };
    let model = match refusal.kind {
        Kind::Invalid | Kind::TooLarge => model(content, version),
        // Who saves again has seen what stands there now.
        Kind::Conflict => {
            model(content, Some(stored.version)).beside_what_stands(stored.content.body)
        }
        _ => return Err(refusal),
    };
    let page = edit_page(visit, model.wrong(visit.wrong(&refusal)));
    Ok(page.rejected(&refusal).into())
}

async fn change(visit: &Visit, content: &Content, version: Option<String>) -> Result<(), Refusal> {
    let (operations, caller) = (visit.state.operations(), visit.caller());
    let body = Markup::Markdown(content.body.clone());
    let object = visit.object()?;
    match object {
        ObjectId::Comment(comment) => {
            let change = UpdateComment {
                comment,
                body,
                language: Some(crate::text::language::tag(&content.language)),
                sensitive: None,
                warning: None,
                attachments: Some(content.attachments.clone()),
                edit: Edit::Local,
            };
            let update = ChangeVersion {
                object,
                version,
                change,
            };
            operations.run(caller, update).await
        }
        ObjectId::Post(post) => {
            let url = content.url.trim();
            let change = UpdatePost {
                post,
                title: Some(content.title.clone()),
                body: Some(body),
                link_url: Some((!url.is_empty()).then(|| url.to_owned())),
                language: Some(crate::text::language::tag(&content.language)),
                sensitive: Some(content.sensitive),
                warning: None,
                attachments: Some(content.attachments.clone()),
                extra: match content.form {
                    Form::Event => Extra::Event(content.meeting.event()?),
                    _ => Extra::Nothing,
                },
                thumbnail: None,
                edit: Edit::Local,
            };
            let update = ChangeVersion {
                object,
                version,
                change,
            };
            operations.run(caller, update).await
        }
    }
}
