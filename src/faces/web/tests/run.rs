//! What admins choose and look at: the name and the files of the brand, groups, roles, known servers.

use super::*;

/// An admin with pages in this language.
async fn admin<'a>(hub: &'a Hub, name: &str, language: &'static str) -> Browser<'a> {
    open(hub);
    let browser = Browser::signed_up(hub, name, language).await;
    let (actor, role) = (named(hub, name).await, Role::Admin);
    let promote = SetRole { actor, role };
    hub.hall.run(Caller::System, promote).await.unwrap();
    browser
}

/// The style sheet of the brand.
async fn sheet(hub: &Hub, visitor: &mut Browser<'_>) -> String {
    let home = visitor.get("/").await.text;
    let at = quoted(&home, "rel=\"stylesheet\" href=\"/theme/")[0].to_owned();
    hub.get(&format!("/theme/{at}")).await.text
}

const LOOK: &str = "/admin/appearance";

hub_test!(an_admin_gives_the_hub_a_name_pictures_and_letters, |hub| {
    let mut ada = admin(&hub, "ada", "en").await;
    let mut visitor = Browser::new(&hub, "de");
    sound(LOOK, &ada.get(LOOK).await, "en");
    let at = "/admin/appearance/name";
    let words = [("name", " "), ("description", "For all who <mend>.")];
    let wrong = ada.send(LOOK, at, &words).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("A hub needs a name."), "{}", wrong.text);
    assert!(
        wrong.text.contains("For all who &lt;mend&gt;."),
        "what was typed stays: {}",
        wrong.text
    );
    let words = [("name", "Tool & Co"), ("description", "For all who mend.")];
    assert_eq!(location(&ada.send(LOOK, at, &words).await), LOOK);
    let home = visitor.get("/").await.text;
    assert!(home.contains("Tool &amp; Co") && home.contains("For all who mend."));
    let node = hub.get("/manifest.webmanifest").await.json();
    assert_eq!(node["name"], "Tool & Co");

    let at = "/admin/appearance/pictures";
    let svg = b"<svg onload='alert(1)'/>".as_slice();
    let refused = send_files(&mut ada, LOOK, at, &[], &[("logo", svg)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("id=\"wrong-logo\""),
        "{}",
        refused.text
    );
    let png = crate::media::testing::png(300, 100);
    let files: [(&str, &[u8]); 2] = [("logo", &png), ("favicon", &png)];
    location(&send_files(&mut ada, LOOK, at, &[], &files).await);
    let home = visitor.get("/").await.text;
    let logo = quoted(&home, "class=\"mark\" src=\"")[0].to_owned();
    let icon = quoted(&home, "rel=\"icon\" href=\"")[0].to_owned();
    assert_eq!((&*logo, logo.starts_with("/theme/")), (&*icon, true));
    let request = Request::get(&logo).body(Body::empty()).unwrap();
    let (status, headers, _) = hub.file(request).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(headers["content-type"], "image/png");
    location(&send_files(&mut ada, LOOK, at, &[("drop-logo", "on")], &[]).await);
    let home = visitor.get("/").await.text;
    assert!(!home.contains(&format!("src=\"{logo}\"")) && home.contains(&*icon));

    let at = "/admin/appearance/font";
    let as_set = [("letters", "settings")];
    let refused = send_files(&mut ada, LOOK, at, &as_set, &[("font", svg)]).await;
    let refused = refused.text;
    assert!(refused.contains("This is no WOFF2 font."), "{refused}");
    let font: &[u8] = b"wOF2\0\x01\0\0\0\0\0\x10\0\x01xx";
    location(&send_files(&mut ada, LOOK, at, &as_set, &[("font", font)]).await);
    let letters = sheet(&hub, &mut visitor).await;
    let face = "format(\"woff2\")";
    assert!(
        letters.contains(face) && letters.contains("--font:Brand,"),
        "{letters}"
    );
    location(&ada.send(LOOK, at, &[("letters", "book")]).await);
    let letters = sheet(&hub, &mut visitor).await;
    assert!(
        !letters.contains(face) && letters.contains("--font:Charter,"),
        "{letters}"
    );
    sound(LOOK, &ada.get(LOOK).await, "en");
    let mut bea = admin(&hub, "bea", "de").await;
    sound(LOOK, &bea.get(LOOK).await, "de");
});
