//! A form that was sent: bounded, from a page of this hub, each field once.

use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::http::header;
use axum::response::Response;

use crate::crypto::token::hash_hex;
use crate::domain::refusal::{Kind, Refusal};
use crate::faces::shared::{State, csrf, multipart};

use super::visit::{Visit, pairs};

/// A form and the visit in which it was sent.
pub(crate) struct Submission {
    /// Who sent it.
    pub(super) visit: Visit,
    /// What they filled in.
    pub(super) fields: Fields,
    /// The files that they chose, each with the name of its field.
    pub(super) files: Vec<(String, Vec<u8>)>,
}

/// The fields of a form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// A field as it was typed, line ends as `\n`; a missing one is empty.
    pub(super) fn text(&self, name: &str) -> &str {
        self.find(name).unwrap_or_default()
    }

    /// A field, unless it is missing or blank.
    pub(super) fn filled(&self, name: &str) -> Option<String> {
        let text = self.text(name).trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// What was chosen of a few things that the page offers; anything else it does not send.
    pub(super) fn chosen<T>(
        &self,
        name: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, Refusal> {
        read(self.text(name)).ok_or_else(unreadable)
    }

    /// Whether a box was ticked or a switch set.
    pub(super) fn ticked(&self, name: &str) -> bool {
        matches!(self.find(name), Some("on" | "true" | "1"))
    }

    /// A field, unless it is missing.
    pub(super) fn find(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    fn parse(body: &[u8]) -> Result<Self, Refusal> {
        let text = std::str::from_utf8(body).map_err(|_not_text| unreadable())?;
        Self::of(pairs(text))
    }

    fn of(pairs: Vec<(String, String)>) -> Result<Self, Refusal> {
        let mut fields: Vec<(String, String)> = Vec::new();
        for (name, value) in pairs {
            if fields.iter().any(|(known, _)| *known == name) {
                return Err(unreadable());
            }
            fields.push((name, value.replace("\r\n", "\n")));
        }
        Ok(Self(fields))
    }
}

impl FromRequest<State> for Submission {
    type Rejection = Response;

    async fn from_request(request: Request, state: &State) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, state).await?;
        let kind = parts
            .headers
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok());
        let form = kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
        let read = async {
            csrf::check_origin(&parts.headers, &visit.settings.base_url())?;
            if let Some(actor) = visit.actor() {
                visit.count(&format!("writes of {actor}"), visit.settings.limits.writes)?;
            }
            // Files are taken from members only.
            if visit.actor().is_some() && multipart::is_multipart(&parts.headers) {
                let files = visit.settings.media.pictures_per_post.max(2);
                let read = multipart::read(&parts.headers, body, &visit.settings, files).await?;
                return Ok((Fields::of(read.fields)?, read.files));
            }
            if !form {
                return Err(unreadable());
            }
            let most = visit.settings.server.body_limit.length();
            let body = to_bytes(body, most).await.map_err(|_long| too_large())?;
            Ok((Fields::parse(&body)?, Vec::new()))
        };
        match Box::pin(read).await {
            Ok((fields, files)) => Ok(Self {
                visit,
                fields,
                files,
            }),
            Err(refusal) => Err(visit.respond(Err(refusal))),
        }
    }
}

impl Submission {
    /// The key of what is sent: the same if this form is sent again with the same in it.
    pub(super) fn key(&self) -> Option<String> {
        let fields = &self.fields;
        let once = fields.filled("once")?;
        let parts = [&once, self.visit.path.as_str()];
        let typed = ["group", "form", "title", "url", "body"].map(|name| fields.text(name));
        let whole: Vec<&str> = parts.into_iter().chain(typed).collect();
        Some(hash_hex(&whole.join("\0")))
    }

    /// Refuses a form without the token of this browser's pages.
    pub(super) fn check_token(&self) -> Result<(), Refusal> {
        csrf::check_token(self.fields.find("csrf"), Some(self.visit.secret()))
    }
}

fn unreadable() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "form.unreadable",
        "This form could not be read. Please go back, load the page again and repeat what you did.",
    )
}

fn too_large() -> Refusal {
    Refusal::new(
        Kind::TooLarge,
        "form.too_large",
        "This is more than the hub takes at once. Please go back and shorten it.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_comes_once() {
        assert!(Fields::parse(b"a=1&a=2").is_err());
        assert!(Fields::parse(b"a=\xff").is_err());
        let fields = Fields::parse(b"a=x%0D%0Ay&b=+&c=on").unwrap();
        assert_eq!(fields.text("a"), "x\ny");
        assert_eq!(fields.filled("b"), None);
        assert!(fields.ticked("c") && !fields.ticked("d"));
    }
}
