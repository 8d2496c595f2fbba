//! A person with a browser: keeps cookies, fills in the forms of pages.

use std::collections::HashMap;

use super::hub::{Answer, Hub};

/// Its cookies are its own.
pub(crate) struct Browser<'a> {
    hub: &'a Hub,
    cookies: HashMap<String, String>,
}

impl<'a> Browser<'a> {
    /// One that was never here before.
    pub(crate) fn new(hub: &'a Hub) -> Self {
        Self {
            hub,
            cookies: HashMap::new(),
        }
    }

    async fn ask(&mut self, request: reqwest::RequestBuilder) -> Answer {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(n, v)| format!("{n}={v}"))
            .collect();
        let request = request.header("accept", "text/html");
        let response = request.header("cookie", cookies.join("; ")).send().await;
        let response = response.expect("the hub answers");
        for cookie in response.headers().get_all("set-cookie") {
            let text = cookie.to_str().expect("a cookie is text");
            let pair = text.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').expect("a cookie has a value");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let kind = response.headers().get("content-type").cloned();
        Answer {
            status: response.status().as_u16(),
            kind: kind.map_or_else(String::new, |k| k.to_str().unwrap_or_default().to_owned()),
            text: response.text().await.expect("a whole page"),
        }
    }

    /// A page.
    pub(crate) async fn open(&mut self, path: &str) -> Answer {
        self.ask(self.hub.request("GET", path, "")).await
    }

    /// Sends a form as it stands, without having seen its page.
    pub(crate) async fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let request = self
            .hub
            .request("POST", path, "")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("origin", &self.hub.base)
            .body(form.finish());
        self.ask(request).await
    }

    /// Opens a page, fills in its form and sends it to where the page was.
    pub(crate) async fn fill(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.open(path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text);
        let token = page.text.split("name=\"csrf\" value=\"").nth(1);
        let token = token.and_then(|rest| rest.split('"').next());
        let token = token.expect("a form with a token");
        let fields = [&[("csrf", token)], fields].concat();
        self.send(path, &fields).await
    }
}
