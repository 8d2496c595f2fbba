//! All that a member wrote and chose, as one archive that is made while it is sent: whoever has much
//! waits longer, and the hub never holds more than a page of it.

mod files;
mod zip;

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::vec;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_util::stream::{self, Stream};
use serde::Serialize;

use crate::domain::media::Media;
use crate::domain::page::Cursor;
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::faces::shared::error;
use crate::faces::shared::exports::{Export, Stage};
use crate::operations::account::prove;
use crate::views::export;

use super::account::own_name;
use super::answer::{Answer, Page, Wrong};
use super::form::Submission;
use super::sign;
use super::visit::Visit;
use files::{FILES, File, Owner};
use zip::Zip;
#[cfg(test)]
pub(super) use zip::tests::read as read_archive;

#[derive(Serialize)]
struct Model {
    export: Option<Progress>,
    wrong: Wrong,
}

/// How far the last archive is.
#[derive(Serialize)]
struct Progress {
    began: i64,
    stage: &'static str,
    parts: u64,
    made: u64,
    /// What was sent of it, in words.
    size: String,
}

impl Progress {
    fn of(export: &Export) -> Self {
        let bytes = export.bytes();
        Self {
            began: export.began.0,
            stage: match export.stage() {
                Stage::Running => "running",
                Stage::Done => "done",
                Stage::Broken => "broken",
            },
            parts: export.parts,
            made: export.made(),
            size: match bytes / 1_000_000 {
                0 => format!("{} kB", bytes.div_ceil(1_000)),
                mega => format!("{mega} MB"),
            },
        }
    }
}

/// `/settings/export`.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    policy::require_actor(visit.caller())?;
    Ok(page(&visit, Wrong::default()).into())
}

fn page(visit: &Visit, wrong: Wrong) -> Page {
    let last = visit.actor().and_then(|own| visit.state.exports.find(own));
    let export = last.as_deref().map(Progress::of);
    let model = Model { export, wrong };
    Page::new("export.html", visit.text("export-title"), &model).unlisted()
}

/// `/settings/export`, sent with the password: the archive.
pub(super) async fn archive(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let member = policy::require_actor(visit.caller())?;
    let password = form.fields.text("export_password");
    let proof = prove(
        visit.state.operations(),
        visit.caller(),
        "export_password",
        password,
    );
    match sign::limited(visit, own_name(visit), proof).await {
        Ok(_hash) => {}
        Err(refusal) if refusal.kind == Kind::Invalid => {
            let page = page(visit, visit.wrong(&refusal));
            return Ok(page.rejected(&refusal).into());
        }
        Err(refusal) => return Err(refusal),
    }
    let often = visit.settings.limits.exports;
    visit.count(&format!("exports of {member}"), often)?;
    let name = format!("{}-{}.zip", own_name(visit), visit.now.date("UTC"));
    let owner = Owner {
        state: visit.state.clone(),
        member,
    };
    let look = visit
        .state
        .read(move |db| export::count_pictures(db, member));
    let pictures = u64::try_from(look.await?).unwrap_or(0);
    let files = u64::try_from(FILES.len()).unwrap_or(0);
    let parts = pictures.saturating_add(files);
    let progress = visit.state.exports.begin(member, parts, visit.now);
    let archive = Archive::new(owner, visit, Told(progress));
    Ok(Answer::File(file(&name, archive.run())))
}

/// A file to be kept, which nobody else may.
fn file(name: &str, bytes: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Response {
    let mut response = Response::new(Body::from_stream(bytes));
    let headers = response.headers_mut();
    let kept = format!("attachment; filename=\"{name}\"");
    if let Ok(kept) = HeaderValue::from_str(&kept) {
        headers.insert(header::CONTENT_DISPOSITION, kept);
    }
    for (name, value) in [
        (header::CONTENT_TYPE, "application/zip"),
        (header::CACHE_CONTROL, "private, no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Who is told how far an archive is; also when nobody takes it any more.
struct Told(Arc<Export>);

impl Drop for Told {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// An archive as far as it is made.
struct Archive {
    owner: Owner,
    told: Told,
    zip: Zip,
    files: vec::IntoIter<File>,
    open: Option<Open>,
    pictures: Pictures,
    finished: bool,
}

/// A file of which there is more.
struct Open {
    file: File,
    after: Option<Cursor>,
    first: bool,
}

/// The pictures that are still to come.
struct Pictures {
    read: VecDeque<Media>,
    after: Option<Cursor>,
    all: bool,
}

impl Archive {
    fn new(owner: Owner, visit: &Visit, told: Told) -> Self {
        Self {
            owner,
            told,
            zip: Zip::new(&visit.now.rfc3339()),
            files: FILES.to_vec().into_iter(),
            open: None,
            pictures: Pictures {
                read: VecDeque::new(),
                after: None,
                all: false,
            },
            finished: false,
        }
    }

    /// The archive as it is made, faster than it is taken by no more than a part.
    fn run(self) -> impl Stream<Item = io::Result<Bytes>> + Send {
        stream::unfold(Some(self), |archive| async move {
            let mut archive = archive?;
            match archive.next().await {
                Ok(Some(part)) => {
                    archive.told.0.add_bytes(part.len());
                    Some((Ok(Bytes::from(part)), Some(archive)))
                }
                Ok(None) => None,
                Err(refusal) => {
                    error::log(&refusal);
                    // The archive breaks off, so that nobody takes it for whole.
                    Some((Err(io::Error::other(refusal)), None))
                }
            }
        })
    }

    async fn next(&mut self) -> Result<Option<Vec<u8>>, Refusal> {
        if let Some(open) = self.open.take() {
            return Ok(Some(self.go_on(open).await?));
        }
        if let Some(file) = self.files.next() {
            let mut part = self.zip.begin(file.name);
            part.extend(self.zip.put(file.form.head().as_bytes()));
            self.open = Some(Open {
                file,
                after: None,
                first: true,
            });
            return Ok(Some(part));
        }
        if let Some(part) = self.picture().await? {
            return Ok(Some(part));
        }
        if std::mem::replace(&mut self.finished, true) {
            self.told.0.finish();
            return Ok(None);
        }
        Ok(Some(self.zip.finish()))
    }

    /// The next rows of a file, and its end after the last of them.
    async fn go_on(&mut self, open: Open) -> Result<Vec<u8>, Refusal> {
        let Open {
            file,
            after,
            mut first,
        } = open;
        let (rows, next) = self.owner.rows(file.what, after).await?;
        let mut text = String::new();
        for row in rows {
            if !first {
                text.push_str(file.form.between());
            }
            text.push_str(&row);
            first = false;
        }
        let mut part = self.zip.put(text.as_bytes());
        if next.is_some() {
            self.open = Some(Open {
                file,
                after: next,
                first,
            });
        } else {
            part.extend(self.zip.put(file.form.tail().as_bytes()));
            part.extend(self.zip.end());
            self.told.0.add_part();
        }
        Ok(part)
    }

    /// The next picture that is there, as a file.
    async fn picture(&mut self) -> Result<Option<Vec<u8>>, Refusal> {
        loop {
            if let Some(picture) = self.pictures.read.pop_front() {
                let name = picture.file_of_width(None);
                let cupboard = &self.owner.state.operations().media.cupboard;
                let bytes = cupboard.get(&name, self.owner.state.now()).await;
                let Some(bytes) = bytes.map_err(Refusal::fault)? else {
                    continue;
                };
                let mut part = self.zip.begin(&format!("pictures/{name}"));
                part.extend(self.zip.put(&bytes));
                part.extend(self.zip.end());
                self.told.0.add_part();
                return Ok(Some(part));
            }
            if self.pictures.all {
                return Ok(None);
            }
            let (member, after) = (self.owner.member, self.pictures.after);
            let look = self
                .owner
                .state
                .read(move |db| export::pictures(db, member, after));
            let rows = look.await?;
            self.pictures = Pictures {
                read: rows.items.into(),
                all: rows.next.is_none(),
                after: rows.next,
            };
        }
    }
}
