//! Pictures as they are uploaded, served and shown.

use axum::body::Body;
use http::{HeaderValue, Request, StatusCode};
use serde_json::{Value, json};

use super::{Part, part};
use crate::domain::host::{HostRule, Severity};
use crate::domain::membership::Role;
use crate::faces::shared::testing::{Answer, Hub, hub_test};
use crate::media::fake::Shelf;
use crate::media::testing::{jpeg_with_exif, png};
use crate::net::{Client, Limits};
use crate::operations::account::{Suspend, create_token};
use crate::operations::host::SetHostRule;
use crate::operations::trial;

/// A form with a file in it.
fn form(fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part =
            format!("--xyz\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    for (name, bytes) in files {
        // What the file is called and said to be is of no interest (security.md H223).
        let head = format!(
            "--xyz\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"../../\u{202e}gpj.exe\"\r\n\
             content-type: image/png\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--xyz--\r\n");
    ("multipart/form-data; boundary=xyz".to_owned(), body)
}

async fn upload(hub: &Hub, token: &str, bytes: &[u8], alt: &str) -> Answer {
    let (kind, body) = form(&[("alt", alt)], &[("file", bytes)]);
    let request = Request::post("/api/hub/v1/media")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", kind)
        .body(Body::from(body));
    hub.ask(request.unwrap()).await
}

async fn get(
    hub: &Hub,
    url: &str,
    headers: &[(&str, &str)],
) -> (StatusCode, http::HeaderMap, Vec<u8>) {
    let path = url.strip_prefix("https://hub.test").unwrap_or(url);
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    hub.file(request.body(Body::empty()).unwrap()).await
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key]
        .as_str()
        .unwrap_or_else(|| panic!("no {key} in {value}"))
}

hub_test!(a_picture_is_uploaded_served_and_shown, |hub| {
    let token = hub.token("anna", "read write").await;
    let uploaded = upload(&hub, &token, &jpeg_with_exif(700, 300, 1), "A pot").await;
    assert_eq!(uploaded.status, 201, "{}", uploaded.text);
    let media = uploaded.json();
    assert_eq!(
        (
            &media["width"],
            &media["height"],
            text(&media, "media_type"),
            text(&media, "alt")
        ),
        (&json!(700), &json!(300), "image/jpeg", "A pot")
    );
    let (status, headers, bytes) = get(&hub, text(&media, "url"), &[]).await;
    assert_eq!(status, 200);
    assert!(!bytes.windows(4).any(|window| window == b"Exif"), "H221");
    for (name, value) in [
        ("content-type", "image/jpeg"),
        ("cache-control", "public, max-age=31536000, immutable"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("content-disposition", "inline"),
    ] {
        assert_eq!(headers[name], value, "H229");
    }
    assert!(headers.get("set-cookie").is_none(), "H229");
    let accept = [("accept", "application/activity+json")];
    let (_, headers, _) = get(&hub, text(&media, "url"), &accept).await;
    assert_eq!(headers["content-type"], "image/jpeg", "R-02");
    let (status, _, small) = get(&hub, text(&media, "preview_url"), &[]).await;
    assert!(status == 200 && small.len() < bytes.len());
    // Narrower ones than it is wide are there, wider ones are itself.
    let wide = text(&media, "url").replace(".jpg", "-1280.jpg");
    assert_eq!(get(&hub, &wide, &[]).await.2, bytes);
    let other = text(&media, "url").replace(".jpg", ".png");
    assert_eq!(get(&hub, &other, &[]).await.0, 404);
});

hub_test!(h227_a_part_of_a_picture_is_given, |hub| {
    let token = hub.token("anna", "read write").await;
    let media = upload(&hub, &token, &png(64, 64), "").await.json();
    let url = text(&media, "url");
    let (_, _, whole) = get(&hub, url, &[]).await;
    let (status, headers, bytes) = get(&hub, url, &[("range", "bytes=1-3")]).await;
    assert_eq!(
        (status.as_u16(), &bytes[..]),
        (206, b"PNG".as_slice()),
        "H227"
    );
    assert_eq!(
        headers["content-range"],
        format!("bytes 1-3/{}", whole.len()),
        "H227"
    );
    let (status, ..) = get(&hub, url, &[("range", "bytes=9999999-")]).await;
    assert_eq!(status, 416, "H227");
    let several = "bytes=".to_owned() + &"0-1,".repeat(1_000);
    let (status, _, bytes) = get(&hub, url, &[("range", &several)]).await;
    assert_eq!((status.as_u16(), bytes), (200, whole), "H227");
});

#[test]
fn h227_ranges_are_read_as_the_standard_says() {
    let table = [
        ("bytes=0-", Part::Bytes(0, 9)),
        ("bytes=2-4", Part::Bytes(2, 4)),
        ("bytes=2-400", Part::Bytes(2, 9)),
        ("bytes=-3", Part::Bytes(7, 9)),
        ("bytes=-30", Part::Bytes(0, 9)),
        ("bytes=-0", Part::Beyond),
        ("bytes=10-", Part::Beyond),
        ("bytes=4-2", Part::Whole),
        ("bytes=a-b", Part::Whole),
        ("bytes=0-1,3-4", Part::Whole),
        ("lines=0-1", Part::Whole),
        ("bytes=-", Part::Whole),
        ("", Part::Whole),
    ];
    for (text, wanted) in table {
        assert_eq!(
            part(&HeaderValue::from_static(text), 10),
            wanted,
            "H227 {text}"
        );
    }
    assert_eq!(
        part(&HeaderValue::from_static("bytes=0-"), 0),
        Part::Whole,
        "H227"
    );
}

hub_test!(h219_h224_what_is_not_taken_is_said_to_be, |hub| {
    let token = hub.token("anna", "read write").await;
    let visitor = upload(&hub, "nobody", &png(8, 8), "").await;
    assert_eq!(visitor.status, 401);
    let mut huge = png(8, 8);
    huge.resize(11 << 20, 0);
    let mut wrong_size = png(8, 8);
    wrong_size[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
    for (row, bytes, status) in [
        ("H219 html", b"<!doctype html><p>x".as_slice(), 415),
        ("H219 one byte", b"x", 415),
        ("H220 svg", b"<svg onload=\"alert(1)\"/>", 415),
        ("H217 cut", &png(8, 8)[..40], 422),
        ("H215 pixels", &wrong_size, 422),
        ("H224 bytes", &huge, 413),
    ] {
        let answer = upload(&hub, &token, bytes, "").await;
        assert_eq!(answer.status, status, "{row}: {}", answer.text);
    }
    let none = upload(&hub, &token, b"", "").await;
    assert_eq!(
        (none.status.as_u16(), text(&none.json(), "code")),
        (422, "media.missing"),
        "H219"
    );
    let plain = hub
        .call("POST", "/api/hub/v1/media", &token, Some(json!({})))
        .await;
    assert_eq!(plain.status, 422, "{}", plain.text);
    let html = "<b>\"'".repeat(10);
    let media = upload(&hub, &token, &png(8, 8), &html).await.json();
    assert_eq!(text(&media, "alt"), html, "H232");
});

hub_test!(h228_what_is_gone_is_not_served, |hub| {
    let token = hub.token("anna", "read write").await;
    let anna = hub
        .state
        .read(|db| crate::views::actor::find_local(db, "anna"))
        .await;
    let anna = anna.unwrap().unwrap().id;
    trial::group(&hub.operations, "tea", Some(anna)).await;
    let media = upload(&hub, &token, &png(8, 8), "A pot").await.json();
    let (url, key) = (
        text(&media, "url").to_owned(),
        text(&media, "key").to_owned(),
    );
    let new = json!({"title": "A pot", "pictures": [{"key": key, "alt": "A brown pot"}]});
    let post = hub
        .call("POST", "/api/hub/v1/groups/tea/posts", &token, Some(new))
        .await;
    assert_eq!(post.status, 201, "{}", post.text);
    let post = post.json();
    assert_eq!(post["attachments"][0]["alt"], "A brown pot");
    assert_eq!(post["attachments"][0]["width"], 8);
    let at = format!("/api/hub/v1/media/{key}");
    assert_eq!(hub.call("DELETE", &at, &token, None).await.status, 409);
    assert_eq!(get(&hub, &url, &[]).await.0, 200);
    let page = hub
        .accept(&format!("/post/{}", post["id"]), "text/html")
        .await;
    assert!(
        page.text.contains(&format!("src=\"/media/{key}-160.png\"")),
        "{}",
        page.text
    );
    assert!(page.text.contains("alt=\"A brown pot\""));
    let at = format!("/api/hub/v1/posts/{}", post["id"]);
    assert_eq!(hub.call("DELETE", &at, &token, None).await.status, 204);
    assert_eq!(get(&hub, &url, &[]).await.0, 404, "H228");
    let media = upload(&hub, &token, &png(8, 8), "").await.json();
    let moderator = trial::person_with(&hub.operations, "mod", Role::Admin).await;
    trial::run(
        &hub.operations,
        trial::admin(moderator),
        Suspend { actor: anna },
    )
    .await;
    assert_eq!(get(&hub, text(&media, "url"), &[]).await.0, 404, "H228");
    let guessed = format!("/media/{}.png", "0".repeat(64));
    assert_eq!(get(&hub, &guessed, &[]).await.0, 404, "H228");
});

hub_test!(people_and_groups_show_pictures_by_the_api, |hub| {
    let token = hub.token("anna", "read write").await;
    let anna = hub
        .state
        .read(|db| crate::views::actor::find_local(db, "anna"))
        .await;
    let anna = anna.unwrap().unwrap().id;
    trial::group(&hub.operations, "tea", Some(anna)).await;
    for (address, name) in [("profile", "u/anna"), ("groups/tea", "c/tea")] {
        let icon = upload(&hub, &token, &png(64, 64), "").await.json();
        let image = upload(&hub, &token, &png(64, 16), "").await.json();
        let set = json!({"icon": icon["key"], "image": image["key"]});
        let at = format!("/api/hub/v1/{address}/pictures");
        assert_eq!(hub.call("PATCH", &at, &token, Some(set)).await.status, 204);
        let document = hub
            .accept(&format!("/{name}"), "application/activity+json")
            .await
            .json();
        assert_eq!(document["icon"]["url"], icon["url"], "{document}");
        assert_eq!(document["icon"]["mediaType"], "image/png");
        assert_eq!(document["image"]["url"], image["url"]);
        let set = json!({"icon": null});
        assert_eq!(hub.call("PATCH", &at, &token, Some(set)).await.status, 204);
        let document = hub
            .accept(&format!("/{name}"), "application/activity+json")
            .await
            .json();
        assert!(document.get("icon").is_none() && document.get("image").is_some());
    }
});

/// The address of this hub under which a page shows a picture of another server.
fn proxied(hub: &Hub, url: &str, width: u32) -> String {
    let html = format!("<p><img alt=\"x\" src=\"{url}\" width=\"{width}\"></p>");
    let shown = hub.state.pictures.within(&html);
    let (_, rest) = shown.split_once("src=\"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

hub_test!(pictures_of_other_servers_come_by_way_of_the_hub, |hub| {
    let shelf = Shelf::start();
    shelf.put("/a.jpg", "image/jpeg", jpeg_with_exif(700, 300, 1));
    let at = proxied(&hub, &shelf.url("/a.jpg"), 24);
    assert!(at.starts_with("/media/proxy/"), "{at}");
    let (status, headers, bytes) = get(&hub, &at, &[]).await;
    assert_eq!(status, 200);
    assert_eq!(headers["content-type"], "image/jpeg");
    assert_eq!(headers["x-content-type-options"], "nosniff", "H229");
    assert_eq!(image::load_from_memory(&bytes).unwrap().width(), 160);
    assert!(!bytes.windows(4).any(|window| window == b"Exif"), "H221");
    let large = proxied(&hub, &shelf.url("/a.jpg"), 700);
    assert_eq!(
        image::load_from_memory(&get(&hub, &large, &[]).await.2)
            .unwrap()
            .width(),
        700
    );
    assert_eq!(shelf.asked().len(), 1, "it was kept");
});

hub_test!(h231_the_proxy_is_for_pictures_that_pages_show, |hub| {
    let shelf = Shelf::start();
    shelf.put(
        "/page",
        "image/png",
        b"<!doctype html><script>alert(1)</script>".to_vec(),
    );
    shelf.put("/text", "text/html", png(8, 8));
    shelf.put("/vector", "image/svg+xml", b"<svg/>".to_vec());
    let mut huge = png(8, 8);
    huge.resize(11 << 20, 0);
    shelf.put("/huge", "image/png", huge);
    shelf.put("/good", "image/png", png(8, 8));
    for path in ["/page", "/text", "/vector", "/huge", "/none"] {
        let at = proxied(&hub, &shelf.url(path), 24);
        for _ in 0..2 {
            assert_eq!(get(&hub, &at, &[]).await.0, 404, "H231 {path}");
        }
    }
    assert_eq!(
        shelf.asked().len(),
        5,
        "what failed is not asked for again at once"
    );
    let good = proxied(&hub, &shelf.url("/good"), 24);
    let (before, coded) = good.rsplit_once('/').unwrap();
    let other = proxied(&hub, &shelf.url("/none"), 24);
    let (_, other) = other.rsplit_once('/').unwrap();
    for unsigned in [
        format!("{before}/{other}"),
        good.replacen("/160/", "/640/", 1),
        format!("/media/proxy/{}/160/{coded}", "0".repeat(32)),
        format!("/media/proxy//160/{coded}"),
        "/media/proxy/x/x/x".to_owned(),
    ] {
        assert_eq!(get(&hub, &unsigned, &[]).await.0, 404, "H231 {unsigned}");
    }
    let admin = trial::person_with(&hub.operations, "mod", Role::Admin).await;
    let mut rule = HostRule::new("127.0.0.1".to_owned(), Severity::None);
    rule.reject_media = true;
    trial::run(&hub.operations, trial::admin(admin), SetHostRule { rule }).await;
    assert_eq!(
        get(&hub, &good, &[]).await.0,
        404,
        "no pictures of such servers"
    );
});

hub_test!(h231_the_proxy_asks_no_private_address, |hub| {
    let shelf = Shelf::start();
    shelf.put("/a.png", "image/png", png(8, 8));
    let client = Client::new("hub.test", Limits::default(), false).unwrap();
    let federation = crate::federation::Federation::new(hub.operations.clone(), client);
    for url in [
        shelf.url("/a.png"),
        "https://10.0.0.1/a.png".to_owned(),
        "https://localhost/a.png".to_owned(),
        "https://hub.test/media/a.png".to_owned(),
        "ftp://a.example/a.png".to_owned(),
        "data:image/png;base64,AAAA".to_owned(),
    ] {
        assert!(federation.picture(&url, None).await.is_err(), "H231 {url}");
    }
    assert!(shelf.asked().is_empty(), "H231");
});

hub_test!(a_page_loads_nothing_from_other_servers, |hub| {
    use crate::domain::ids::ObjectId;
    use crate::operations::testing::{answer, text_post};
    let anna = trial::person(&hub.operations, "anna").await;
    let caller = trial::member(anna);
    let group = trial::group(&hub.operations, "tea", Some(anna)).await;
    let body = "![A cup](https://far.example/cup.png) and <img src='https://far.example/2.png' alt='x' width='30'>";
    let post = trial::run(&hub.operations, caller, text_post(group, "Cups", body)).await;
    trial::run(
        &hub.operations,
        caller,
        answer(ObjectId::Post(post), "![a](https://far.example/3.png)"),
    )
    .await;
    let page = hub.accept(&format!("/post/{post}"), "text/html").await;
    assert!(
        page.text.matches("src=\"/media/proxy/").count() >= 2,
        "{}",
        page.text
    );
    assert!(!page.text.contains("src=\"http"), "{}", page.text);
    assert!(
        page.header("content-security-policy")
            .contains("img-src 'self';")
    );
});

hub_test!(a_picture_is_cropped_where_its_owner_says, |hub| {
    let token = hub.token("anna", "read write").await;
    let anna = hub.hall.person("olga").await;
    hub.hall.group("tea", anna).await;
    let (kind, body) = form(&[("focal_point", "-1,0.5")], &[("file", &png(300, 100))]);
    let request = Request::post("/api/hub/v1/media")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", kind)
        .body(Body::from(body));
    let media = hub.ask(request.unwrap()).await;
    assert_eq!(
        media.json()["focal_point"],
        json!([-1.0, 0.5]),
        "{}",
        media.text
    );
    let key = text(&media.json(), "key").to_owned();
    let post = json!({"title": "A pot", "body": "Look", "pictures": [{"key": key}]});
    let path = "/api/hub/v1/groups/tea/posts";
    let made = hub.call("POST", path, &token, Some(post)).await.json();
    assert_eq!(
        made["attachments"][0]["focal_point"],
        json!([-1.0, 0.5]),
        "{made}"
    );
    let object = Request::get(format!("/post/{}", made["id"]))
        .header("accept", "application/activity+json")
        .body(Body::empty());
    let object = hub.ask(object.unwrap()).await.json();
    assert_eq!(
        object["attachment"][0]["focalPoint"],
        json!([-1.0, 0.5]),
        "{object}"
    );
    let page = hub.get("/c/tea").await.text;
    assert!(
        page.contains("class=\"thumb\" data-across=\"0\" data-down=\"1\""),
        "{page}"
    );
    let describe = |point: Value| {
        let path = format!("/api/hub/v1/media/{key}");
        let (hub, token) = (&hub, &token);
        async move {
            hub.call("PATCH", &path, token, Some(json!({"focal_point": point})))
                .await
        }
    };
    assert_eq!(
        describe(json!([0.25, 0])).await.json()["focal_point"],
        json!([0.25, 0.0])
    );
    for point in [json!([2, 0]), json!([0]), json!("middle")] {
        assert_eq!(describe(point.clone()).await.status, 422, "{point}");
    }
});

hub_test!(
    r35_an_admin_purges_a_picture_by_page_and_by_program,
    |hub| {
        let token = hub.token("anna", "read write").await;
        let boss = trial::person_with(&hub.operations, "boss", Role::Admin).await;
        let bearer = create_token(&hub.operations, trial::admin(boss), boss, "read write");
        let admin = bearer.await.unwrap();
        let media = upload(&hub, &token, &png(64, 64), "").await.json();
        let (path, url) = ("/api/hub/v1/media/purge", text(&media, "url").to_owned());
        let purge = json!({"address": url, "reason": "Spam"});
        let refused = hub.call("POST", path, &token, Some(purge.clone())).await;
        assert_eq!(refused.status, 403, "R-35 {}", refused.text);
        let done = hub.call("POST", path, &admin, Some(purge)).await;
        assert_eq!(
            done.json(),
            json!({"uploaded": 1, "elsewhere": 0, "unseen": 0})
        );
        assert_eq!(get(&hub, &url, &[]).await.0, 404, "R-35");
        let again = upload(&hub, &token, &png(64, 64), "").await;
        assert_eq!(again.status, 422, "R-35 {}", again.text);
        assert_eq!(again.json()["code"], "media.blocked", "R-35");
        let list = hub
            .call("GET", "/api/hub/v1/media/blocks", &admin, None)
            .await
            .json();
        let block = &list["items"][0];
        assert_eq!(
            (&block["reason"], &block["known"]),
            (&json!("Spam"), &json!(true))
        );
        let lift = format!("/api/hub/v1/media/blocks/{}", block["id"]);
        assert_eq!(hub.call("DELETE", &lift, &admin, None).await.status, 204);
        assert_eq!(upload(&hub, &token, &png(64, 64), "").await.status, 201);
    }
);
