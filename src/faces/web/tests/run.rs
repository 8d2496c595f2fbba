//! What admins choose and look at: the name and the files of the brand, groups, roles, known servers.

use super::*;
use crate::domain::post::Extra;
use crate::operations::post::CreatePost;
use crate::operations::testing::text_post;

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
    assert!(logo.starts_with("/theme/chosen/logo-"), "{logo}");
    assert!(icon.starts_with("/theme/chosen/favicon-"), "{icon}");
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

hub_test!(an_admin_sees_every_group_and_takes_one_over, |hub| {
    let mut ada = admin(&hub, "ada", "en").await;
    let at = "/admin/groups";
    let none = ada.get(at).await;
    sound(at, &none, "en");
    assert!(
        none.text.contains("There are no groups yet."),
        "{}",
        none.text
    );
    let (_, post, _) = furnish(&hub).await;
    assert!(post.0 > 0);
    let page = ada.get(at).await;
    sound(at, &page, "en");
    for words in ["!drivers", "1 post", "/c/drivers/moderation", ">anna<"] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    let found = ada.get("/admin/groups?q=DRIV").await.text;
    assert!(found.contains("!drivers"), "{found}");
    for nothing in ["q=zebra", "show=private", "show=left"] {
        let page = ada.get(&format!("{at}?{nothing}")).await.text;
        assert!(
            page.contains("There is no such group."),
            "{nothing}: {page}"
        );
    }
    let take = "/c/drivers/moderation/moderators";
    let fields = [("person", "ada"), ("added", "true")];
    location(&ada.send(at, take, &fields).await);
    let page = ada.get(at).await.text;
    assert!(!page.contains("Moderate it yourself"), "{page}");
    let mut bea = admin(&hub, "bea", "de").await;
    sound(at, &bea.get(at).await, "de");
    let index = bea.get("/admin").await.text;
    for link in [at, "/admin/pictures", LOOK] {
        assert!(index.contains(&format!("href=\"{link}\"")), "{link}");
    }
    let mut eve = Browser::signed_up(&hub, "eve", "en").await;
    assert_eq!(eve.get(at).await.status, StatusCode::FORBIDDEN);
});

hub_test!(an_admin_gives_roles_on_the_page_of_a_person, |hub| {
    let mut ada = admin(&hub, "ada", "en").await;
    let mut ben = Browser::signed_up(&hub, "ben", "de").await;
    let (of_ben, at) = ("/u/ben", "/u/ben/role");
    assert!(!ben.get("/u/ada").await.text.contains("/u/ada/role"));
    assert!(!Browser::new(&hub, "en").get(of_ben).await.text.contains(at));
    let page = ada.get(of_ben).await;
    sound(of_ben, &page, "en");
    let member = "<option value=\"member\" selected>";
    assert!(page.text.contains(member), "{}", page.text);
    let moderator = [("role", "moderator")];
    assert_eq!(location(&ada.send(of_ben, at, &moderator).await), of_ben);
    assert_eq!(ben.get("/people").await.status, StatusCode::OK);
    let log = ben.get("/log").await.text;
    assert!(log.contains("Zur Moderation des Hubs berufen"), "{log}");
    let refused = ben.send("/u/ben", "/u/ada/role", &[("role", "member")]);
    assert_eq!(refused.await.status, StatusCode::FORBIDDEN);
    let odd = ada.send(of_ben, at, &[("role", "king")]).await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
    let last = ada.send("/u/ada", "/u/ada/role", &[("role", "member")]);
    let last = last.await;
    assert_eq!(last.status, StatusCode::CONFLICT);
    assert!(last.text.contains("last admin of the hub"), "{}", last.text);
    assert_eq!(ada.get("/admin").await.status, StatusCode::OK);
});

hub_test!(an_admin_looks_through_all_known_servers, |hub| {
    let mut ada = admin(&hub, "ada", "en").await;
    let empty = ada.get("/servers").await.text;
    assert!(
        empty.contains("The hub knows no other server yet."),
        "{empty}"
    );
    hub.hall.remote("mia@well.test").await;
    hub.hall.remote("leo@other.test").await;
    let page = ada.get("/servers").await;
    sound("/servers", &page, "en");
    for host in ["well.test", "other.test"] {
        let link = format!("href=\"/servers/{host}\"");
        assert!(page.text.contains(&link), "{}", page.text);
    }
    let found = ada.get("/servers?q=WELL&show=well").await.text;
    assert!(found.contains("/servers/well.test") && !found.contains("/servers/other.test"));
    let failing = ada.get("/servers?show=failing").await.text;
    assert!(failing.contains("There is no such server."), "{failing}");
    let mut bea = admin(&hub, "bea", "de").await;
    let german = bea.get("/servers?show=paused&q=%3Cb%3E").await;
    sound("/servers", &german, "de");
    assert!(!german.text.contains("<b>"));
});

hub_test!(moderators_see_which_question_waits_longest, |hub| {
    open(&hub);
    furnish(&hub).await;
    let mut ben = moderator(&hub, "ben", "en").await;
    assert!(
        !ben.get("/mod")
            .await
            .text
            .contains("Questions without an answer")
    );
    let anna = Caller::Member {
        actor: named(&hub, "anna").await,
        role: Role::Member,
    };
    let cups = hub.hall.group("cups", anna).await;
    let drivers = named(&hub, "drivers").await;
    for (group, title) in [
        (drivers, "Which first?"),
        (cups, "Which cup?"),
        (drivers, "Which then?"),
    ] {
        let ask = CreatePost {
            extra: Extra::Question,
            ..text_post(group, title, "It matters.")
        };
        hub.hall.run(anna, ask).await.unwrap();
    }
    let page = ben.get("/mod").await;
    sound("/mod", &page, "en");
    let all = "/questions?show=open&amp;order=oldest&amp;of=mine";
    assert!(page.text.contains(all), "{}", page.text);
    assert!(
        !page.text.contains("Which cup?"),
        "of other groups: {}",
        page.text
    );
    let place = |text: &str, title: &str| text.find(title).expect("it is listed");
    assert!(place(&page.text, "Which first?") < place(&page.text, "Which then?"));
    let alone = ben.get("/mod?kind=report").await.text;
    assert!(!alone.contains("Which first?"), "{alone}");
    let mine = ben.get("/questions?show=open&order=oldest&of=mine").await;
    sound("/questions", &mine, "en");
    assert!(place(&mine.text, "Which first?") < place(&mine.text, "Which then?"));
    assert!(!mine.text.contains("Which cup?"));
    let all = ben.get("/questions").await.text;
    assert!(place(&all, "Which then?") < place(&all, "Which cup?"));
    assert!(place(&all, "Which cup?") < place(&all, "Which first?"));
});
