//! Templates and texts fit each other, in every language; pages and forms do what they say.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use axum::body::Body;
use axum::http::{Request, StatusCode, header, request};

use crate::domain::caller::Caller;
use crate::domain::ids::{ActorId, CommentId, ObjectId, PostId};
use crate::domain::membership::Role;
use crate::faces::shared::html;
use crate::faces::shared::testing::{Answer, Hub, hub_test};
use crate::operations::account::SetRole;
use crate::operations::moderation::ChangeModerator;
use crate::settings::Registration;

use super::{TEMPLATES, TEXTS};

mod answers;
mod calendar;
mod desk;
mod following;
mod marks;
mod names;
mod order;
mod own;
mod pictures;
mod run;
mod writing;

/// The keys of a file of texts, in their order.
fn keys(source: &str) -> impl Iterator<Item = &str> {
    let lines = source
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
    let named = lines.filter_map(|line| line.split_once(" ="));
    named.map(|(key, _)| key)
}

fn texts(code: &str) -> BTreeSet<String> {
    let (_, source) = TEXTS.iter().find(|(known, _)| *known == code).unwrap();
    keys(source).map(str::to_owned).collect()
}

/// What stands between `open` and the next quote.
pub(super) fn quoted<'a>(text: &'a str, open: &str) -> Vec<&'a str> {
    text.split(open)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

fn sources(below: &str) -> Vec<(PathBuf, String)> {
    let mut waiting = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(below)];
    let mut found = Vec::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(
                fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}

/// Whether a file holds tests alone.
fn is_test(path: &Path) -> bool {
    let within = path.components().any(|part| part.as_os_str() == "tests");
    within || path.to_string_lossy().ends_with("tests.rs")
}

fn is_refusal(key: &str) -> bool {
    key.starts_with("refusal-")
}

#[test]
fn no_text_stands_twice() {
    for (code, source) in TEXTS {
        let mut seen = BTreeSet::new();
        for key in keys(source) {
            assert!(seen.insert(key), "{key} stands twice in {code}");
        }
    }
}

#[test]
fn every_text_exists_in_every_language() {
    let own = |code| {
        texts(code)
            .into_iter()
            .filter(|key| !is_refusal(key))
            .collect::<Vec<_>>()
    };
    assert_eq!(own("en"), own("de"));
}

#[test]
fn every_text_that_is_used_exists_and_none_is_unused() {
    let all = texts("en");
    let mut used: BTreeSet<String> = BTreeSet::new();
    for (name, source) in TEMPLATES {
        for key in quoted(source, "t(\"") {
            assert!(all.contains(key), "{name} uses {key}");
            used.insert(key.to_owned());
        }
    }
    let faces = sources("src/faces/web")
        .into_iter()
        .chain(sources("src/faces/shared"));
    for (path, source) in faces.filter(|(path, _)| !is_test(path)) {
        for key in quoted(&source, "visit.text(\"") {
            assert!(all.contains(key), "{} uses {key}", path.display());
        }
        let said = |literal: &str| source.contains(&format!("\"{literal}\""));
        let named = |key: &&String| said(key) || key.strip_prefix("note-").is_some_and(said);
        used.extend(all.iter().filter(named).cloned());
    }
    let unused: Vec<_> = all.iter().filter(|key| !used.contains(*key)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn every_note_has_a_text() {
    let all = texts("en");
    for (path, source) in sources("src/faces/web") {
        for note in quoted(&source, ".note(\"") {
            assert!(
                all.contains(&format!("note-{note}")),
                "{} says {note}",
                path.display()
            );
        }
    }
}

#[test]
fn every_translated_refusal_can_happen() {
    let code: String = sources("src").into_iter().map(|(_, text)| text).collect();
    for key in texts("de").iter().filter(|key| is_refusal(key)) {
        let name = key.trim_start_matches("refusal-").replacen('-', ".", 1);
        assert!(
            code.contains(&format!("\"{name}\"")),
            "{name} is said nowhere"
        );
    }
}

#[test]
fn every_template_is_built_in() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/faces/web/templates");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    let files: BTreeSet<String> = files.map(|name| name.into_string().unwrap()).collect();
    let listed: BTreeSet<String> = TEMPLATES
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    assert_eq!(files, listed);
}

#[test]
fn every_template_compiles() {
    assert_eq!(html::broken(TEMPLATES), [""; 0]);
}

#[test]
fn no_template_holds_inline_code() {
    for (name, source) in TEMPLATES {
        for script in source.split("<script").skip(1) {
            let rest = script.strip_prefix(" type=\"module\"").unwrap_or(script);
            assert!(rest.starts_with(" src=\"{{ path_of("), "{name}: {rest}");
        }
        for inline in ["style=", "<style", " onclick", " onload", "javascript:"] {
            assert!(!source.contains(inline), "{name} holds {inline}");
        }
    }
}

/// A browser: keeps cookies, reads form tokens out of pages.
pub(super) struct Browser<'a> {
    hub: &'a Hub,
    pub(super) cookies: BTreeMap<String, String>,
    language: &'static str,
}

impl<'a> Browser<'a> {
    pub(super) fn new(hub: &'a Hub, language: &'static str) -> Self {
        Self {
            hub,
            cookies: BTreeMap::new(),
            language,
        }
    }

    /// Somebody who signed up on the page for it.
    pub(super) async fn signed_up(hub: &'a Hub, name: &str, language: &'static str) -> Self {
        let mut browser = Self::new(hub, language);
        let email = format!("{name}@example.org");
        let form = [("name", name), ("email", &email), ("password", PASSWORD)];
        let answer = browser.send("/sign-up", "/sign-up", &form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        browser
    }

    pub(super) async fn ask(&mut self, request: request::Builder, body: Body) -> Answer {
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(k, v)| format!("{k}={v}"))
            .collect();
        let request = request
            .header(header::COOKIE, cookies.join("; "))
            .header(header::ACCEPT, "text/html")
            .header(header::ACCEPT_LANGUAGE, self.language)
            .header(header::HOST, "hub.test");
        let answer = self.hub.ask(request.body(body).unwrap()).await;
        for set in answer.headers.get_all(header::SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        self.cookies.retain(|_, value| !value.is_empty());
        answer
    }

    pub(super) async fn get(&mut self, path: &str) -> Answer {
        self.ask(Request::get(path), Body::empty()).await
    }

    /// Fills in the form on one page and sends it to an address.
    pub(super) async fn send(&mut self, from: &str, to: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.get(from).await;
        let tokens = quoted(&page.text, "name=\"csrf\" value=\"");
        let token = tokens.first().map_or("", |token| *token).to_owned();
        self.post(to, &token, fields).await
    }

    pub(super) async fn post(&mut self, to: &str, token: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.append_pair("csrf", token).extend_pairs(fields);
        let kind = "application/x-www-form-urlencoded";
        let request = Request::post(to).header(header::CONTENT_TYPE, kind);
        self.ask(request, Body::from(body.finish())).await
    }
}

pub(super) const PASSWORD: &str = "correct horse battery staple";

/// Lets everybody sign up at once.
pub(super) fn open(hub: &Hub) {
    let mut settings = (*hub.state.settings()).clone();
    settings.accounts.registration = Registration::Open;
    hub.state.operations().live.reload(settings).unwrap();
}

/// Where an answer leads.
pub(super) fn location(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.header("location")
}

/// A group with a post, comments two deep, and somebody from elsewhere.
pub(super) async fn furnish(hub: &Hub) -> (Caller, PostId, CommentId) {
    let anna = hub.hall.person("anna").await;
    let group = hub.hall.group("drivers", anna).await;
    let post = hub.hall.post(anna, group, "Which bit?").await;
    let first = hub
        .hall
        .comment(anna, ObjectId::Post(post), "PH2, always.")
        .await;
    hub.hall
        .comment(anna, ObjectId::Comment(first), "Really?")
        .await;
    hub.hall
        .comment(anna, ObjectId::Post(post), "**Torx** of course.")
        .await;
    (anna, post, first)
}

fn sound(path: &str, answer: &Answer, language: &str) {
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    assert_eq!(
        answer.text.matches("<h1").count(),
        1,
        "{path}: {}",
        answer.text
    );
    assert!(
        answer.text.contains(&format!("<html lang=\"{language}\"")),
        "{path}"
    );
    assert!(
        answer
            .header("content-security-policy")
            .contains("default-src 'none'")
    );
    assert!(answer.header("vary").contains("Accept-Language"), "{path}");
    for (open, close) in [("<ol ", "</ol>"), ("<li ", "</li>"), ("<form ", "</form>")] {
        let bare = format!("{}>", open.trim_end());
        let opened = answer.text.matches(open).count() + answer.text.matches(&bare).count();
        assert_eq!(
            opened,
            answer.text.matches(close).count(),
            "{path}: {open} in {}",
            answer.text
        );
    }
}

hub_test!(
    every_page_renders_in_both_languages_for_all_kinds_of_people,
    |hub| {
        open(&hub);
        let (_, post, comment) = furnish(&hub).await;
        for language in ["en", "de"] {
            let mut visitor = Browser::new(&hub, language);
            let thread = format!("/post/{post}");
            let public = [
                "/",
                "/?sort=top",
                "/groups",
                "/c/drivers",
                "/c/drivers?sort=new",
                &thread,
            ];
            let more = [
                "/u/anna",
                "/u/anna?show=comments",
                "/search?q=bit",
                "/tags/bits",
                "/questions",
                "/questions?show=answered",
            ];
            let doors = ["/sign-in", "/sign-up"];
            for path in public.iter().chain(&more).chain(&doors) {
                sound(path, &visitor.get(path).await, language);
            }
            let mut member = Browser::signed_up(&hub, &format!("ben_{language}"), language).await;
            let own = [
                "/?in=following",
                "/following",
                "/following?show=groups",
                "/?in=unanswered",
                "/settings",
                "/settings/account",
                "/settings/export",
                "/notices",
                "/notices?show=mentions",
                "/c/drivers/new",
                "/c/drivers/new?form=poll",
                "/c/drivers/new?form=event",
                "/messages",
                "/messages/new?to=anna",
                "/away",
                "/groups/new",
                "/new",
                "/new?form=question",
                "/drafts",
                "/saved",
            ];
            let report = format!("/comment/{comment}/report");
            for path in public
                .iter()
                .chain(&more)
                .chain(&own)
                .chain([&report.as_str()])
            {
                sound(path, &member.get(path).await, language);
            }
            assert_eq!(
                member.get("/c/drivers/moderation").await.status,
                StatusCode::FORBIDDEN
            );
            assert_eq!(member.get("/people").await.status, StatusCode::FORBIDDEN);
        }
    }
);

hub_test!(people_are_kept_away_and_let_near_by_forms, |hub| {
    open(&hub);
    let (_, post, _) = furnish(&hub).await;
    let post = format!("/post/{post}");
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let react = format!("{post}/react");
    let party = [("content", "🎉"), ("on", "true")];
    location(&ben.send(&post, &react, &party).await);
    assert!(ben.get(&post).await.text.contains("🎉 1"));
    for (distance, word) in [("mute", "muted"), ("block", "blocked")] {
        ben.send("/u/anna", "/u/anna/away", &[("distance", distance)])
            .await;
        assert_eq!(ben.get(&post).await.status, StatusCode::FORBIDDEN);
        let page = ben.get("/away").await.text;
        assert!(page.contains("/u/anna") && page.contains(word), "{page}");
    }
    let letter = [("to", "anna"), ("body", "hello")];
    let page = ben.send("/messages/new", "/messages/new", &letter).await;
    assert!(page.text.contains("lift that first."), "{}", page.text);
    let lift = [("next", "/away")];
    assert_eq!(
        location(&ben.send("/away", "/u/anna/away", &lift).await),
        "/away"
    );
    assert_eq!(ben.get(&post).await.status, StatusCode::OK);
    let page = ben
        .send("/away", "/away/hosts", &[("host", "hub.test")])
        .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for (lift, there) in [("", true), ("true", false)] {
        let fields = [("host", "peer.test"), ("lift", lift)];
        location(&ben.send("/away", "/away/hosts", &fields).await);
        assert_eq!(ben.get("/away").await.text.contains("peer.test"), there);
    }
    let nobody = [("policy", "nobody")];
    location(&ben.send("/away", "/away/messages", &nobody).await);
    let junk = ben.send("/away", "/away/messages", &[("policy", "junk")]);
    assert_eq!(junk.await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let chosen = "<option value=\"nobody\" selected>";
    assert!(ben.get("/away").await.text.contains(chosen));
});

hub_test!(a_private_message_is_reported_by_a_form, |hub| {
    open(&hub);
    furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "de").await;
    let mut carl = Browser::signed_up(&hub, "carl", "de").await;
    let letter = [("to", "carl"), ("body", "zebra")];
    let sent = carl_reads(&mut ben, &mut carl, &letter).await;
    let form = quoted(&sent, "href=\"/message/")[0].to_owned();
    let form = format!("/message/{form}");
    let page = carl.get(&form).await;
    sound(&form, &page, "de");
    assert!(page.text.contains("zebra") && page.text.contains("diese eine Nachricht"));
    let page = carl.send(&form, &form, &[("reason", " ")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let reason = [("reason", "Drohung")];
    assert_eq!(
        location(&carl.send(&form, &form, &reason).await),
        "/messages"
    );
});

/// Sends a message from one to the other, and gives back the page on which it is read.
async fn carl_reads(
    from: &mut Browser<'_>,
    to: &mut Browser<'_>,
    letter: &[(&str, &str)],
) -> String {
    location(&from.send("/messages/new", "/messages/new", letter).await);
    let list = to.get("/messages").await.text;
    let path = format!("/messages/{}", quoted(&list, "<a href=\"/messages/")[0]);
    to.get(&path).await.text
}

hub_test!(
    a_newcomer_writes_answers_votes_edits_deletes_and_restores,
    |hub| {
        open(&hub);
        let (_, annas, _) = furnish(&hub).await;
        let annas = format!("/post/{annas}");
        let mut ben = Browser::signed_up(&hub, "ben", "en").await;
        let fields = [
            ("title", "A question"),
            ("body", "Which **one**?"),
            ("url", ""),
        ];
        let answer = ben.send("/c/drivers/new", "/c/drivers/new", &fields).await;
        let path = location(&answer).to_owned();
        let page = ben.get(&path).await;
        assert!(page.text.contains("Your post is out."), "{}", page.text);
        assert!(page.text.contains("<strong>one</strong>"));
        let answer = ben
            .send(&path, &format!("{path}/comments"), &[("body", "Me *too*.")])
            .await;
        assert!(location(&answer).starts_with(&format!("{path}?comment=")));
        assert!(!ben.get(&path).await.text.contains(&format!("{path}/vote")));
        for (value, pressed) in [("1", true), ("0", false)] {
            ben.send(&annas, &format!("{annas}/vote"), &[("value", value)])
                .await;
            let page = ben.get(&annas).await.text;
            assert_eq!(page.contains("aria-pressed=\"true\""), pressed, "{value}");
        }
        let edit = format!("{path}/edit");
        ben.send(
            &edit,
            &edit,
            &[("title", "A better question"), ("body", "So?")],
        )
        .await;
        assert!(ben.get(&path).await.text.contains("A better question</h1>"));
        location(&ben.send(&path, &format!("{path}/delete"), &[]).await);
        assert_eq!(
            Browser::new(&hub, "en").get(&path).await.status,
            StatusCode::GONE
        );
        location(&ben.send(&path, &format!("{path}/restore"), &[]).await);
        assert_eq!(
            Browser::new(&hub, "en").get(&path).await.status,
            StatusCode::OK
        );
    }
);

hub_test!(what_was_typed_survives_a_mistake, |hub| {
    open(&hub);
    furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "de").await;
    let fields = [("title", ""), ("body", "Mein Text."), ("url", "")];
    let answer = ben.send("/c/drivers/new", "/c/drivers/new", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("Mein Text.</textarea>") && answer.text.contains("aria-invalid"));
    let mut other = Browser::new(&hub, "de");
    let fields = [("name", "ben"), ("password", "wrong wrong wrong")];
    let answer = other.send("/sign-in", "/sign-in", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer
            .text
            .contains("Name und Passwort passen nicht zusammen")
    );
    assert!(answer.text.contains("value=\"ben\""));
});

hub_test!(forms_of_other_sites_and_sessions_do_nothing, |hub| {
    open(&hub);
    furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let mut eve = Browser::signed_up(&hub, "eve", "en").await;
    let foreign = eve.get("/settings").await;
    let foreign = quoted(&foreign.text, "name=\"csrf\" value=\"")[0].to_owned();
    for token in ["", "nonsense", &foreign] {
        let answer = ben.post("/c/drivers/join", token, &[]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    let own = quoted(&ben.get("/settings").await.text, "name=\"csrf\" value=\"")[0].to_owned();
    let request = Request::post("/c/drivers/join")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ORIGIN, "https://evil.example");
    let answer = ben.ask(request, Body::from(format!("csrf={own}"))).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(
        ben.get("/c/drivers")
            .await
            .text
            .contains("/c/drivers/join\"")
    );
    location(&ben.post("/c/drivers/join", &own, &[]).await);
    assert!(
        ben.get("/c/drivers")
            .await
            .text
            .contains("/c/drivers/leave\"")
    );
});

hub_test!(sign_in_leads_back_but_never_elsewhere, |hub| {
    open(&hub);
    furnish(&hub).await;
    Browser::signed_up(&hub, "ben", "en").await;
    let mut browser = Browser::new(&hub, "en");
    let answer = browser.get("/c/drivers/new").await;
    assert_eq!(location(&answer), "/sign-in?next=%2Fc%2Fdrivers%2Fnew");
    for (next, to) in [
        ("/c/drivers/new", "/c/drivers/new"),
        ("//evil.example", "/"),
    ] {
        let mut browser = Browser::new(&hub, "en");
        let fields = [("name", "ben"), ("password", PASSWORD), ("next", next)];
        let answer = browser.send("/sign-in", "/sign-in", &fields).await;
        assert_eq!(location(&answer), to);
        location(&browser.send("/", "/sign-out", &[]).await);
        assert!(!browser.get("/").await.text.contains("/sign-out"));
    }
});

hub_test!(a_language_is_kept_once_it_is_chosen, |hub| {
    let mut visitor = Browser::new(&hub, "fr");
    assert!(visitor.get("/").await.text.contains("<html lang=\"en\""));
    let answer = visitor
        .post("/language", "", &[("language", "de"), ("next", "/groups")])
        .await;
    assert_eq!(location(&answer), "/groups");
    assert!(visitor.get("/").await.text.contains("<html lang=\"de\""));
});

hub_test!(what_people_write_stays_text, |hub| {
    open(&hub);
    furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)><b hx-get=/x>b</b>";
    let fields = [("title", evil), ("body", evil), ("url", "")];
    let answer = ben.send("/c/drivers/new", "/c/drivers/new", &fields).await;
    let path = location(&answer).to_owned();
    let feed = "/c/drivers/feed.atom".to_owned();
    for path in [
        path,
        "/".to_owned(),
        feed,
        format!("/search?q={}", "%3Cscript%3E"),
    ] {
        let text = ben.get(&path).await.text;
        assert!(
            !["<script>", "<img src=x", "<b hx-get"]
                .iter()
                .any(|code| text.contains(code)),
            "{path}: {text}"
        );
    }
});

hub_test!(machines_find_their_files, |hub| {
    furnish(&hub).await;
    let mut visitor = Browser::new(&hub, "en");
    for (path, kind) in [
        ("/robots.txt", "text/plain"),
        ("/manifest.webmanifest", "application/manifest+json"),
        ("/sitemap.xml", "application/xml"),
        ("/c/drivers/feed.atom", "application/atom+xml"),
        (
            crate::faces::web::assets::path("style.css").unwrap(),
            "text/css",
        ),
    ] {
        let answer = visitor.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(answer.header("content-type").starts_with(kind), "{path}");
    }
    let feed = visitor.get("/c/drivers/feed.atom").await.text;
    assert!(feed.contains("<title>Which bit?</title>"), "{feed}");
    let page = visitor.get("/c/drivers").await;
    assert!(page.header("link").contains("application/activity+json"));
});

/// The person or group of this name.
pub(super) async fn named(hub: &Hub, name: &str) -> ActorId {
    let name = name.to_owned();
    let find = move |db: &mut _| crate::views::actor::find_local(db, &name);
    let found = hub.operations.store.read(find).await.unwrap();
    found.unwrap().id
}

/// Somebody who moderates `drivers`, in a browser.
async fn moderator<'a>(hub: &'a Hub, name: &str, language: &'static str) -> Browser<'a> {
    let browser = Browser::signed_up(hub, name, language).await;
    let appoint = ChangeModerator {
        group: named(hub, "drivers").await,
        moderator: named(hub, name).await,
        added: true,
        relay: None,
    };
    let operations = hub.state.operations();
    operations.run(Caller::System, appoint).await.unwrap();
    browser
}

hub_test!(
    a_moderator_sets_what_a_group_is_about_and_who_posts,
    |hub| {
        open(&hub);
        furnish(&hub).await;
        let mut ben = moderator(&hub, "ben", "en").await;
        let (page, to) = ("/c/drivers/moderation", "/c/drivers/moderation/settings");
        let fields = [
            ("title", "Screw drivers"),
            ("summary", "All about **bits**.\n\n<script>x</script>"),
            ("restricted", "on"),
        ];
        assert_eq!(location(&ben.send(page, to, &fields).await), page);
        let shown = ben.get(page).await.text;
        assert!(shown.contains("Saved."), "{shown}");
        assert!(shown.contains("value=\"Screw drivers\""), "{shown}");
        assert!(shown.contains("All about **bits**."), "{shown}");
        assert!(shown.contains("name=\"restricted\" checked"), "{shown}");
        let group = Browser::new(&hub, "en").get("/c/drivers").await.text;
        assert!(group.contains("<strong>bits</strong>") && !group.contains("<script>"));
        let mut eve = Browser::signed_up(&hub, "eve", "en").await;
        let post = [("title", "Mine"), ("body", "x"), ("url", "")];
        let answer = eve.send("/c/drivers/new", "/c/drivers/new", &post).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text);
        let answer = eve.send("/settings", to, &[("title", "Eve's")]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        let fields = [("title", "Screw drivers"), ("summary", "")];
        location(&ben.send(page, to, &fields).await);
        let post = [("title", "Mine"), ("body", "x"), ("url", "")];
        location(&eve.send("/c/drivers/new", "/c/drivers/new", &post).await);
    }
);

hub_test!(wrong_group_settings_are_answered_on_the_form, |hub| {
    open(&hub);
    furnish(&hub).await;
    let mut ben = moderator(&hub, "ben", "de").await;
    let (page, to) = ("/c/drivers/moderation", "/c/drivers/moderation/settings");
    let long = "x".repeat(100_000);
    for (title, summary, sentence, id) in [
        (
            "",
            "Alles.",
            "Eine Gruppe braucht einen Titel.",
            "wrong-title",
        ),
        ("Titel", &long, "Dieser Text ist zu lang.", "wrong-summary"),
    ] {
        let fields = [("title", title), ("summary", summary), ("restricted", "on")];
        let answer = ben.send(page, to, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains(sentence), "{}", answer.text);
        assert!(answer.text.contains(&format!("id=\"{id}\"")));
        assert!(answer.text.contains(&format!("{summary}</textarea>")));
        assert!(
            answer
                .text
                .contains(&format!("name=\"title\" value=\"{title}\""))
        );
        assert!(answer.text.contains("name=\"restricted\" checked"));
    }
    let group = ben.get("/c/drivers").await.text;
    assert!(
        !group.contains("xxx") && !group.contains("Titel<"),
        "{group}"
    );
});

hub_test!(who_leaves_says_the_password_and_is_gone, |hub| {
    open(&hub);
    own::without_delay(&hub);
    furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "de").await;
    let mut elsewhere = Browser::new(&hub, "de");
    let fields = [("name", "ben"), ("password", PASSWORD)];
    location(&elsewhere.send("/sign-in", "/sign-in", &fields).await);
    let wrong = [("leave_password", "wrong wrong wrong")];
    let answer = ben.send("/settings", "/settings/delete", &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.text.contains("Das ist nicht dein Passwort."),
        "{}",
        answer.text
    );
    assert_eq!(ben.get("/u/ben").await.status, StatusCode::OK);
    let right = [("leave_password", PASSWORD)];
    let answer = ben.send("/settings", "/settings/delete", &right).await;
    assert_eq!(location(&answer), "/");
    let home = ben.get("/").await.text;
    assert!(home.contains("Dein Konto ist gelöscht."), "{home}");
    assert!(!home.contains("/sign-out") && !ben.get("/").await.text.contains("gelöscht"));
    assert!(!elsewhere.get("/").await.text.contains("/sign-out"));
    assert_eq!(ben.get("/u/ben").await.status, StatusCode::GONE);
    let answer = ben.send("/sign-in", "/sign-in", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        location(&ben.get("/settings").await),
        "/sign-in?next=%2Fsettings"
    );
});

hub_test!(the_last_admin_is_told_why_they_stay, |hub| {
    open(&hub);
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let promote = SetRole {
        actor: named(&hub, "ben").await,
        role: Role::Admin,
    };
    let operations = hub.state.operations();
    operations.run(Caller::System, promote).await.unwrap();
    let right = [("leave_password", PASSWORD)];
    let answer = ben.send("/settings", "/settings/delete", &right).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(
        answer.text.contains("last admin of the hub"),
        "{}",
        answer.text
    );
    assert!(ben.get("/").await.text.contains("/sign-out"));
});

/// Lets a hub count two wrong passwords an hour.
fn limit_passwords(hub: &Hub) {
    let mut settings = (*hub.state.settings()).clone();
    settings.limits.sign_in_account = "2/1h".parse().unwrap();
    hub.state.operations().live.reload(settings).unwrap();
}

hub_test!(h176_passwords_are_not_guessed_by_changing_them, |hub| {
    open(&hub);
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    limit_passwords(&hub);
    let wrong = [
        ("old_password", "wrong wrong wrong"),
        ("password", "one that is new"),
    ];
    for status in [422, 422, 429] {
        let answer = ben.send("/settings", "/settings/password", &wrong).await;
        assert_eq!(answer.status, status, "{}", answer.text);
    }
    let right = [("old_password", PASSWORD), ("password", "one that is new")];
    let answer = ben.send("/settings", "/settings/password", &right).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
});

hub_test!(passwords_are_not_guessed_on_the_way_out, |hub| {
    open(&hub);
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    limit_passwords(&hub);
    let wrong = [("leave_password", "wrong wrong wrong")];
    for status in [422, 422, 429] {
        let answer = ben.send("/settings", "/settings/delete", &wrong).await;
        assert_eq!(answer.status, status, "{}", answer.text);
    }
    let right = [("leave_password", PASSWORD)];
    let answer = ben.send("/settings", "/settings/delete", &right).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    let mut door = Browser::new(&hub, "en");
    let fields = [("name", "ben"), ("password", PASSWORD)];
    let answer = door.send("/sign-in", "/sign-in", &fields).await;
    assert_eq!(
        answer.status,
        StatusCode::TOO_MANY_REQUESTS,
        "one account, one limit"
    );
});

hub_test!(a_poll_is_made_and_voted_in_with_forms, |hub| {
    open(&hub);
    furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let fields = [
        ("form", "poll"),
        ("title", "Which tyre?"),
        ("body", ""),
        ("url", ""),
        ("language", ""),
        ("options", "Winter\n\nAll-season\n"),
        ("days", "3"),
    ];
    let form = "/c/drivers/new?form=poll";
    let made = ben.send(form, "/c/drivers/new", &fields).await;
    let path = location(&made).to_owned();
    let page = ben.get(&path).await;
    sound(&path, &page, "en");
    assert!(page.text.contains("All-season") && page.text.contains("type=\"radio\""));
    let seen = Browser::new(&hub, "en").get(&path).await.text;
    assert!(seen.contains("Vote from your own server"), "{seen}");
    let voted = ben
        .send(&path, &format!("{path}/poll"), &[("choice", "1")])
        .await;
    assert_eq!(location(&voted), path);
    let page = ben.get(&path).await;
    assert!(
        page.text.contains("one vote") && page.text.contains("your choice"),
        "{}",
        page.text
    );
    assert!(!page.text.contains("type=\"radio\""), "who voted is done");
    let mut visitor = Browser::new(&hub, "de");
    let seen = visitor.get(&path).await;
    assert!(seen.text.contains("eine Stimme") && !seen.text.contains("deine Wahl"));
    let few = fields.map(|(name, text)| (name, if name == "options" { "One" } else { text }));
    let refused = ben.send(form, "/c/drivers/new", &few).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("id=\"wrong-options\""),
        "{}",
        refused.text
    );
});

hub_test!(people_write_to_each_other_with_forms, |hub| {
    open(&hub);
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let mut carl = Browser::signed_up(&hub, "carl", "de").await;
    let form = "/messages/new";
    let unknown = [("to", "nobody"), ("body", "zebra")];
    let refused = ben.send(form, form, &unknown).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("zebra"), "what was written stays");
    let sent = ben
        .send(form, form, &[("to", "@carl"), ("body", "zebra")])
        .await;
    let path = location(&sent).to_owned();
    let list = carl.get("/messages").await;
    assert!(
        list.text.contains("zebra") && list.text.contains("1 neu"),
        "{}",
        list.text
    );
    let thread = carl.get(&path).await;
    sound(&path, &thread, "de");
    assert!(!carl.get("/").await.text.contains("1 neu"), "seen is read");
    let answered = carl.send(&path, &path, &[("body", "giraffe")]).await;
    assert_eq!(location(&answered), path);
    assert!(ben.get(&path).await.text.contains("giraffe"));
    let mut dora = Browser::signed_up(&hub, "dora", "en").await;
    assert_eq!(dora.get(&path).await.status, StatusCode::NOT_FOUND);
    let visitor = Browser::new(&hub, "en").get(&path).await;
    assert!(!visitor.text.contains("zebra"));
});

hub_test!(an_event_is_announced_and_attended_with_forms, |hub| {
    open(&hub);
    furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let form = "/c/drivers/new?form=event";
    let fields = [
        ("form", "event"),
        ("title", "Meet us"),
        ("body", ""),
        ("url", ""),
        ("language", ""),
        ("starts_at", "2026-07-01T18:00"),
        ("ends_at", ""),
        ("timezone", "Europe/Berlin"),
        ("place", "Hall"),
        ("online_url", ""),
        ("capacity", ""),
        ("restricted", "on"),
    ];
    let made = ben.send(form, "/c/drivers/new", &fields).await;
    let path = location(&made).to_owned();
    let mut carl = Browser::signed_up(&hub, "carl", "de").await;
    let page = carl.get(&path).await;
    sound(&path, &page, "de");
    let when = "Mittwoch, 1. Juli 2026, 18:00 Uhr";
    assert!(page.text.contains(when) && page.text.contains("Europe/Berlin"));
    let asked = carl.send(&path, &format!("{path}/attend"), &[]).await;
    assert_eq!(location(&asked), path);
    assert!(
        carl.get(&path)
            .await
            .text
            .contains("die Antwort steht noch aus")
    );
    let guests = format!("{path}/guests");
    assert_eq!(carl.get(&guests).await.status, StatusCode::FORBIDDEN);
    let list = ben.get(&guests).await;
    sound(&guests, &list, "en");
    let person = quoted(&list.text, "name=\"person\" value=\"")[0].to_owned();
    let yes = [("person", person.as_str()), ("accepted", "true")];
    assert_eq!(location(&ben.send(&guests, &guests, &yes).await), guests);
    assert!(carl.get(&path).await.text.contains("Du kommst."));
    let edit = format!("{path}/edit");
    let page = ben.get(&edit).await;
    sound(&edit, &page, "en");
    assert!(
        page.text.contains("value=\"2026-07-01T18:00\""),
        "{}",
        page.text
    );
    let refused =
        fields.map(|(name, text)| (name, if name == "timezone" { "Teatime" } else { text }));
    let refused = ben.send(form, "/c/drivers/new", &refused).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
});

hub_test!(
    an_admin_looks_at_a_list_of_servers_before_taking_it_over,
    |hub| {
        open(&hub);
        let mut boss = Browser::signed_up(&hub, "boss", "de").await;
        let refused = boss.get("/servers").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let actor = named(&hub, "boss").await;
        let role = SetRole {
            actor,
            role: Role::Admin,
        };
        hub.hall.run(Caller::System, role).await.unwrap();
        let csv = ("csv", "bad.example\nno name\n");
        let look = boss
            .send("/servers", "/servers/import", &[csv, ("dry_run", "true")])
            .await;
        sound("/servers/import", &look, "de");
        assert!(look.text.contains("bad.example") && look.text.contains("Unbrauchbare Zeilen: 2"));
        assert!(hub.operations.admits("bad.example").await.unwrap());
        let done = boss.send("/servers", "/servers/import", &[csv]).await;
        assert_eq!(location(&done), "/servers");
        assert!(!hub.operations.admits("under.bad.example").await.unwrap());
        let file = boss.get("/servers/export.csv").await;
        assert!(file.text.contains("bad.example,suspend"), "{}", file.text);
        assert_eq!(file.header("cache-control"), "private, no-store");
        let fields = [("host", "https://x"), ("severity", "limit")];
        let wrong = boss.send("/servers", "/servers/rules", &fields).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let lifted = boss
            .send("/servers", "/servers/lift", &[("host", "bad.example")])
            .await;
        assert_eq!(location(&lifted), "/servers");
        assert!(hub.operations.admits("bad.example").await.unwrap());
        let log = Browser::new(&hub, "en").get("/log").await;
        sound("/log", &log, "en");
        assert!(
            log.text.contains("Lifted the rule for a server"),
            "everybody reads it: {}",
            log.text
        );
    }
);

hub_test!(
    a_person_is_reported_on_a_page_and_moderators_are_done_with_it,
    |hub| {
        open(&hub);
        let mut boss = Browser::signed_up(&hub, "boss", "en").await;
        hub.hall.person("rude").await;
        let at = "/u/rude/report";
        let wrong = boss.send(at, at, &[("reason", " ")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let sent = boss.send(at, at, &[("reason", "rude everywhere")]).await;
        assert_eq!(location(&sent), "/u/rude");
        assert_eq!(boss.get("/reports").await.status, StatusCode::FORBIDDEN);
        let actor = named(&hub, "boss").await;
        let role = SetRole {
            actor,
            role: Role::Moderator,
        };
        hub.hall.run(Caller::System, role).await.unwrap();
        let reports = "/mod?kind=report";
        assert_eq!(location(&boss.get("/reports").await), reports);
        let page = boss.get(reports).await;
        sound(reports, &page, "en");
        let flag = quoted(&page.text, "name=\"flag\" value=\"")[0].to_owned();
        let done = boss.send(reports, "/reports", &[("flag", &flag)]).await;
        assert_eq!(location(&done), reports);
        assert!(!boss.get(reports).await.text.contains("rude everywhere"));
    }
);

hub_test!(
    a_post_that_waits_is_seen_by_its_author_and_moderators_only,
    |hub| {
        open(&hub);
        furnish(&hub).await;
        let mut ben = moderator(&hub, "ben", "en").await;
        let (moderation, to) = ("/c/drivers/moderation", "/c/drivers/moderation/settings");
        let fields = [("title", "Drivers"), ("summary", ""), ("approval", "all")];
        location(&ben.send(moderation, to, &fields).await);
        let shown = ben.get(moderation).await.text;
        assert!(shown.contains("value=\"all\" selected"), "{shown}");
        let mut eve = Browser::signed_up(&hub, "eve", "de").await;
        let mut paths = Vec::new();
        for title in ["Let me in", "And me", "Never mind"] {
            let post = [("title", title), ("body", "Some *words*."), ("url", "")];
            let answer = eve.send("/c/drivers/new", "/c/drivers/new", &post).await;
            paths.push(location(&answer).to_owned());
        }
        let page = eve.get(&paths[0]).await;
        sound(&paths[0], &page, "de");
        assert!(page.text.contains("Dein Beitrag wartet") && page.text.contains("<em>words</em>"));
        let mut visitor = Browser::new(&hub, "en");
        for path in &paths {
            assert_eq!(visitor.get(path).await.status, StatusCode::NOT_FOUND);
        }
        assert!(!visitor.get("/c/drivers").await.text.contains("Let me in"));
        let queue = "/mod?group=drivers";
        let shown = ben.get(queue).await;
        sound(queue, &shown, "en");
        assert!(shown.text.contains("Let me in</h3>") && shown.text.contains("And me</h3>"));
        let answer = eve
            .send(&paths[0], &format!("{}/approve", paths[0]), &[])
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        let approve = ben.send(queue, &format!("{}/approve", paths[0]), &[]).await;
        assert_eq!(location(&approve), "/mod");
        let why = [("reason", "an advert")];
        location(&ben.send(queue, &format!("{}/reject", paths[1]), &why).await);
        location(
            &eve.send(&paths[2], &format!("{}/withdraw", paths[2]), &[])
                .await,
        );
        assert_eq!(visitor.get(&paths[0]).await.status, StatusCode::OK);
        for path in &paths[1..] {
            assert_eq!(eve.get(path).await.status, StatusCode::NOT_FOUND);
        }
        let shown = ben.get(queue).await.text;
        assert!(shown.contains("Nothing waits."), "{shown}");
        let shown = ben.get(moderation).await.text;
        assert!(shown.contains("an advert"), "{shown}");
    }
);

hub_test!(a_comment_with_a_warning_is_folded, |hub| {
    use crate::operations::comment::CreateComment;
    use crate::operations::testing::{answer, picture};
    let (anna, post, _) = furnish(&hub).await;
    let picture = picture(&hub.operations, anna, "A spider").await;
    let comment = CreateComment {
        language: Some("it".into()),
        warning: Some("Spiders".into()),
        attachments: vec![picture],
        ..answer(ObjectId::Post(post), "Ecco :blobcup:")
    };
    hub.hall.run(anna, comment).await.unwrap();
    let page = Browser::new(&hub, "en")
        .get(&format!("/post/{post}"))
        .await
        .text;
    let folded = page.split("<summary>Spiders</summary>").nth(1).unwrap();
    let folded = folded.split("</details>").next().unwrap();
    assert!(
        folded.contains("lang=\"it\"") && folded.contains(":blobcup:"),
        "{folded}"
    );
    assert!(folded.contains("alt=\"A spider\""), "{folded}");
});

/// The link in the newest letter to somebody, as a path of the hub.
async fn link_in_letter(hub: &Hub, to: &str) -> String {
    let to = to.to_owned();
    let find = move |db: &mut _| crate::views::letter::last_to(db, &to);
    let text = hub.operations.store.read(find).await.unwrap();
    let text = text.expect("a letter");
    let (_, rest) = text
        .split_once("https://hub.test")
        .or(text.split_once("http://hub.test"))
        .unwrap();
    rest.split_whitespace().next().unwrap().to_owned()
}

/// What stands in a link behind `token=`.
fn token_of(link: &str) -> &str {
    link.split_once("token=").expect("a token").1
}

hub_test!(who_signs_up_confirms_the_address_first, |hub| {
    let mut settings = (*hub.state.settings()).clone();
    settings.accounts.registration = Registration::Open;
    settings.accounts.confirmation = crate::settings::Confirmation::Always;
    hub.state.operations().live.reload(settings).unwrap();
    let mut ben = Browser::new(&hub, "de");
    let form = [
        ("name", "ben"),
        ("email", "ben@example.org"),
        ("password", PASSWORD),
    ];
    let answer = ben.send("/sign-up", "/sign-up", &form).await;
    assert_eq!(location(&answer), "/sign-in");
    let page = ben.get("/sign-in").await.text;
    assert!(page.contains("Eine E-Mail ist unterwegs zu dir."), "{page}");
    let again = [
        ("name", "carl"),
        ("email", "ben@example.org"),
        ("password", PASSWORD),
    ];
    let answer = Browser::new(&hub, "de")
        .send("/sign-up", "/sign-up", &again)
        .await;
    assert_eq!(
        location(&answer),
        "/sign-in",
        "R-27: the same for every address"
    );
    let fields = [("name", "ben"), ("password", PASSWORD)];
    let answer = ben.send("/sign-in", "/sign-in", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let link = link_in_letter(&hub, "ben@example.org").await;
    assert!(ben.get(&link).await.text.contains("action=\"/confirm\""));
    let token = [("token", token_of(&link))];
    let answer = ben.send(&link, "/confirm", &token).await;
    assert_eq!(location(&answer), "/sign-in");
    let answer = ben.send(&link, "/confirm", &token).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
});

hub_test!(r27_who_forgot_the_password_sets_another_by_mail, |hub| {
    open(&hub);
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let mut other = Browser::new(&hub, "en");
    let mut said = Vec::new();
    for email in ["nobody@example.org", "ben@example.org"] {
        let answer = other.send("/forgot", "/forgot", &[("email", email)]).await;
        assert_eq!(location(&answer), "/sign-in");
        said.push(other.get("/sign-in").await.text.replace(email, ""));
    }
    let told = "If this address is known here, an email is on its way to it.";
    assert!(said.iter().all(|page| page.contains(told)), "{said:?}");
    let link = link_in_letter(&hub, "ben@example.org").await;
    let token = token_of(&link).to_owned();
    let short = [("token", token.as_str()), ("password", "short")];
    let answer = other.send(&link, "/reset", &short).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let new = [
        ("token", token.as_str()),
        ("password", "another good battery"),
    ];
    let answer = other.send(&link, "/reset", &new).await;
    assert_eq!(location(&answer), "/sign-in");
    assert!(
        location(&ben.get("/settings").await).starts_with("/sign-in"),
        "signed out"
    );
    let answer = other.send("/forgot", "/reset", &new).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "H183");
    let fields = [("name", "ben"), ("password", "another good battery")];
    location(&other.send("/sign-in", "/sign-in", &fields).await);
});

hub_test!(members_see_their_sessions_and_invite_others, |hub| {
    open(&hub);
    let mut settings = (*hub.state.settings()).clone();
    settings.accounts.inviters = crate::settings::Inviters::Members;
    hub.state
        .operations()
        .live
        .reload(settings.clone())
        .unwrap();
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let mut phone = Browser::new(&hub, "en");
    let fields = [("name", "ben"), ("password", PASSWORD)];
    location(&phone.send("/sign-in", "/sign-in", &fields).await);
    let page = ben.get("/settings/account").await;
    sound("/settings/account", &page, "en");
    let other = quoted(&page.text, "name=\"session\" value=\"")[0].to_owned();
    let end = [("session", other.as_str())];
    location(
        &ben.send("/settings/account", "/settings/sessions/end", &end)
            .await,
    );
    assert!(location(&phone.get("/settings").await).starts_with("/sign-in"));
    for path in [
        "/invitations",
        "/settings/notifications",
        "/forgot",
        "/confirm?token=x",
    ] {
        sound(path, &ben.get(path).await, "en");
    }
    let fields = [("note", "Eve"), ("uses", "1"), ("days", "7")];
    let made = ben.send("/invitations", "/invitations", &fields).await;
    assert_eq!(made.status, StatusCode::OK);
    let link = quoted(&made.text, "data-copy=\"")[0].to_owned();
    let path = link.split_once("hub.test").unwrap().1.to_owned();
    settings.accounts.registration = Registration::Closed;
    hub.state.operations().live.reload(settings).unwrap();
    let invitation = path.split_once("invitation=").unwrap().1.to_owned();
    let mut eve = Browser::new(&hub, "en");
    let form = [
        ("name", "eve"),
        ("email", "eve@example.org"),
        ("password", PASSWORD),
        ("invitation", invitation.as_str()),
    ];
    assert_eq!(location(&eve.send(&path, "/sign-up", &form).await), "/");
    let mut late = Browser::new(&hub, "en");
    assert_eq!(late.get(&path).await.status, StatusCode::NOT_FOUND, "H182");
    assert_eq!(
        late.get("/sign-up?invitation=guessed").await.status,
        StatusCode::NOT_FOUND,
        "H182"
    );
});

hub_test!(h172_letters_end_with_one_click_from_a_mail_program, |hub| {
    open(&hub);
    Browser::signed_up(&hub, "ben", "en").await;
    let ben = named(&hub, "ben").await;
    let news = crate::domain::news::News {
        topic: crate::domain::news::Topic::Answers,
        said: "item-answer",
        who: "Eve".to_owned(),
        title: "A title".to_owned(),
        path: "/post/1".to_owned(),
    };
    let tell = crate::operations::news::TellNews {
        from: None,
        upto: 1,
        parcels: vec![crate::domain::news::Parcel {
            to: ben,
            news: vec![news],
        }],
    };
    let operations = hub.state.operations();
    operations.run(Caller::System, tell).await.unwrap();
    let find = |db: &mut _| crate::views::letter::last_to(db, "ben@example.org");
    let text = hub.operations.store.read(find).await.unwrap().unwrap();
    let (_, path) = text.rsplit_once("hub.test/unsubscribe").unwrap();
    let path = format!("/unsubscribe{}", path.trim());
    let mut program = Browser::new(&hub, "en");
    let shown = program.get(&path).await;
    assert!(
        shown.text.contains("You get no more emails of this sort"),
        "{}",
        shown.text
    );
    let request = Request::post(&path)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .header(header::ORIGIN, "https://mail.example");
    let body = "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
    let answer = program.ask(request, Body::from(body)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert!(answer.text.contains("Done."), "{}", answer.text);
    let forged = Request::post(path.replace("what=answers", "what=digest"));
    let answer = program.ask(forged, Body::empty()).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
});

/// A form with files, from the form on one page to an address.
async fn send_files(
    browser: &mut Browser<'_>,
    from: &str,
    to: &str,
    fields: &[(&str, &str)],
    files: &[(&str, &[u8])],
) -> Answer {
    let page = browser.get(from).await;
    let token = quoted(&page.text, "name=\"csrf\" value=\"")[0].to_owned();
    let mut body = Vec::new();
    for (name, value) in fields.iter().chain(&[("csrf", token.as_str())]) {
        let part =
            format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    for (name, bytes) in files {
        let head = format!(
            "--x\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"a\"\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--x--\r\n");
    let kind = "multipart/form-data; boundary=x";
    let request = Request::post(to).header(header::CONTENT_TYPE, kind);
    browser.ask(request, Body::from(body)).await
}

hub_test!(pictures_are_posted_with_a_form, |hub| {
    use crate::media::testing::png;
    open(&hub);
    let mut anna = Browser::signed_up(&hub, "anna", "de").await;
    let founder = named(&hub, "anna").await;
    crate::operations::trial::group(&hub.operations, "tea", Some(founder)).await;
    let (form, pot, cup) = ("/c/tea/new", png(40, 20), png(20, 40));
    let page = anna.get(form).await.text;
    assert!(page.contains("multipart/form-data") && page.contains("Bilder hinzuf\u{fc}gen"));
    // One is no picture: what was typed and the other picture are still there.
    let fields = [
        ("title", "A pot"),
        ("body", "and a cup"),
        ("alt-1", "A \"pot\""),
        ("alt-2", "A cup"),
    ];
    let files: [(&str, &[u8]); 3] = [
        ("picture-1", &pot),
        ("picture-2", b"no picture"),
        ("picture-3", b""),
    ];
    let answer = send_files(&mut anna, form, form, &fields, &files).await;
    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        answer.text
    );
    assert!(answer.text.contains("A &quot;pot&quot;") && answer.text.contains("and a cup"));
    let said = answer.text.contains("id=\"wrong-file\"");
    assert!(said && answer.text.contains("<details class=\"pictures\" open>"));
    let kept = quoted(&answer.text, "name=\"kept-1\" value=\"")[0].to_owned();
    let fields = [
        ("kept-1", kept.as_str()),
        ("alt-1", "A round pot"),
        ("preview", "1"),
    ];
    let seen = send_files(&mut anna, form, form, &fields, &[]).await.text;
    let seen = seen.split_once("class=\"card preview\"").unwrap().1;
    let seen = seen.split_once("</section>").unwrap().0;
    assert!(seen.contains("alt=\"A round pot\""), "{seen}");
    let fields = [
        ("title", "A pot"),
        ("body", "and a cup"),
        ("kept-1", kept.as_str()),
        ("alt-1", "A pot"),
        ("alt-2", "A cup"),
    ];
    let files: [(&str, &[u8]); 1] = [("picture-2", &cup)];
    let answer = send_files(&mut anna, form, form, &fields, &files).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let post = answer.header("location").to_owned();
    let page = anna.get(&post).await.text;
    assert!(
        page.contains("alt=\"A pot\"") && page.contains("alt=\"A cup\""),
        "{page}"
    );
    // The first goes, the second is described better.
    let edit = format!("{post}/edit");
    let page = anna.get(&edit).await.text;
    let second = quoted(&page, "name=\"kept-2\" value=\"")[0].to_owned();
    let fields = [
        ("title", "A cup"),
        ("body", "alone"),
        ("kept-1", kept.as_str()),
        ("drop-1", "on"),
        ("kept-2", second.as_str()),
        ("alt-2", "A white cup"),
    ];
    let answer = send_files(&mut anna, &edit, &edit, &fields, &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let page = anna.get(&post).await.text;
    assert!(
        !page.contains("A pot") && page.contains("alt=\"A white cup\""),
        "{page}"
    );
    let answers = format!("{post}/comments");
    let fields = [("body", "Look"), ("alt-1", "A spoon")];
    let answer = send_files(&mut anna, &post, &answers, &fields, &[("picture-1", &pot)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert!(anna.get(&post).await.text.contains("alt=\"A spoon\""));
});

hub_test!(people_and_groups_choose_their_pictures_on_pages, |hub| {
    use crate::media::testing::png;
    open(&hub);
    let mut anna = Browser::signed_up(&hub, "anna", "en").await;
    let founder = named(&hub, "anna").await;
    crate::operations::trial::group(&hub.operations, "tea", Some(founder)).await;
    let (icon, cover) = (png(64, 64), png(300, 100));
    for (from, to, page) in [
        ("/settings", "/settings/pictures", "/u/anna"),
        ("/c/tea/moderation", "/c/tea/moderation/pictures", "/c/tea"),
    ] {
        let files: [(&str, &[u8]); 2] = [("icon", &icon), ("image", &cover)];
        let answer = send_files(&mut anna, from, to, &[], &files).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        assert!(
            anna.get(page).await.text.contains("src=\"/media/"),
            "{page}"
        );
        let drop = [("drop-icon", "on"), ("drop-image", "on")];
        let answer = send_files(&mut anna, from, to, &drop, &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let left = anna.get(from).await.text;
        assert!(!left.contains("name=\"drop-icon\""), "{from}");
    }
});

hub_test!(a_script_that_sends_a_form_hears_where_it_leads, |hub| {
    open(&hub);
    let mut anna = Browser::signed_up(&hub, "anna", "en").await;
    let page = anna.get("/settings").await.text;
    let token = quoted(&page, "name=\"csrf\" value=\"")[0].to_owned();
    let body = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("csrf", &token)
        .append_pair("title", "Anna")
        .finish();
    let request = Request::post("/settings/profile")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "text/uri-list, text/html");
    let answer = anna.ask(request, Body::from(body)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let kind = answer.header("content-type");
    assert_eq!(kind, "text/uri-list; charset=utf-8");
    assert_eq!(answer.text, "/settings");
    // The note is still to be said, on the page where that leads.
    let page = anna.get("/settings").await.text;
    assert!(page.contains("Saved."), "{page}");
});

hub_test!(files_are_taken_from_members_only, |hub| {
    let mut visitor = Browser::new(&hub, "en");
    let files: [(&str, &[u8]); 1] = [("icon", b"x")];
    let answer = send_files(&mut visitor, "/sign-in", "/sign-in", &[], &files).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
});
