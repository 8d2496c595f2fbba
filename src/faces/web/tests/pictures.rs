//! What of a picture stays in view, and pictures that must go.

use super::desk::with_role;
use super::*;
use crate::domain::link_preview::LinkPreview;
use crate::operations::post::NotePreview;

hub_test!(who_writes_says_what_of_a_picture_stays_in_view, |hub| {
    open(&hub);
    furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "de").await;
    let at = "/c/drivers/new";
    let form = ben.get(at).await.text;
    assert!(
        form.contains("<option value=\"0,0\" selected>Die Mitte</option>"),
        "{form}"
    );
    let fields = [
        ("form", "text"),
        ("title", "A pot"),
        ("body", "Look"),
        ("alt-1", "Brown"),
        ("focus-1", "-1,1"),
    ];
    let png = crate::media::testing::png(300, 100);
    let files: [(&str, &[u8]); 1] = [("picture-1", &png)];
    let posted = send_files(&mut ben, at, at, &fields, &files).await;
    let thread = location(&posted).to_owned();
    let list = ben.get("/c/drivers").await.text;
    assert!(
        list.contains("class=\"thumb\" data-across=\"0\" data-down=\"0\""),
        "{list}"
    );
    assert!(
        !list.contains(" style="),
        "no style stands on the page itself"
    );
    let edit = format!("{thread}/edit");
    let form = ben.get(&edit).await.text;
    assert!(
        form.contains("<option value=\"-1,1\" selected>Oben links</option>"),
        "{form}"
    );
    let kept = quoted(&form, "name=\"kept-1\" value=\"")[0].to_owned();
    // A point that programs chose is kept as it is.
    for (point, shown) in [
        ("0.3,-0.7", "data-across=\"3\" data-down=\"3\""),
        ("9,9", "data-across=\"3\""),
    ] {
        let version = ben.get(&edit).await.text;
        let version = quoted(&version, "name=\"version\" value=\"")[0].to_owned();
        let fields = [
            ("form", "text"),
            ("title", "A pot"),
            ("body", "Look"),
            ("kept-1", kept.as_str()),
            ("alt-1", "Brown"),
            ("focus-1", point),
            ("version", &version),
        ];
        let saved = send_files(&mut ben, &edit, &edit, &fields, &[]).await;
        assert_eq!(location(&saved), thread);
        let list = ben.get("/c/drivers").await.text;
        assert!(list.contains(shown), "{point}: {list}");
    }
    let form = ben.get(&edit).await.text;
    let own = "<option value=\"0.3,-0.7\" selected>Wie es schon gewählt war</option>";
    assert!(form.contains(own), "{form}");
});

hub_test!(r35_an_admin_deletes_pictures_for_good_on_a_page, |hub| {
    open(&hub);
    furnish(&hub).await;
    let mut ada = with_role(&hub, "ada", Role::Admin).await;
    let png = crate::media::testing::png(300, 100);
    let files: [(&str, &[u8]); 1] = [("picture-1", &png)];
    let fields = [
        ("form", "text"),
        ("title", "A pot"),
        ("body", "Look"),
        ("alt-1", "Brown"),
    ];
    let new = "/c/drivers/new";
    let posted = send_files(&mut ada, new, new, &fields, &files).await;
    let thread = location(&posted).to_owned();
    let page = ada.get(&thread).await.text;
    let at = quoted(&page, "href=\"/admin/pictures?address=")[0].to_owned();
    assert_eq!(at, thread);
    let form = format!("/admin/pictures?address={thread}");
    let page = ada.get(&form).await;
    sound(&form, &page, "en");
    assert!(
        page.text
            .contains(&format!("name=\"address\" value=\"{thread}\"")),
        "{}",
        page.text
    );
    let send = "/admin/pictures";
    for (address, reason, field) in [
        (thread.as_str(), " ", "reason"),
        ("a picture", "Spam", "address"),
    ] {
        let wrong = ada
            .send(&form, send, &[("address", address), ("reason", reason)])
            .await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{address}");
        assert!(
            wrong.text.contains(&format!("id=\"wrong-{field}\"")),
            "{}",
            wrong.text
        );
    }
    let nothing = ada
        .send(&form, send, &[("address", "/post/1"), ("reason", "Spam")])
        .await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        nothing.text.contains("There is no such post"),
        "{}",
        nothing.text
    );
    let purged = ada
        .send(
            &form,
            send,
            &[("address", &thread), ("reason", "Cruel & <b>")],
        )
        .await;
    assert_eq!(location(&purged), send, "R-35");
    let page = ada.get(&thread).await.text;
    assert!(!page.contains("/media/"), "R-35: {page}");
    let list = ada.get(send).await;
    sound(send, &list, "en");
    assert!(list.text.contains("Cruel &amp; &lt;b&gt;"), "{}", list.text);
    let again = send_files(&mut ada, new, new, &fields, &files).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "R-35");
    let log = ada.get("/c/drivers/log").await.text;
    assert!(log.contains("Deleted a picture for good"), "{log}");
    let lift = quoted(&list.text, "action=\"/admin/pictures/")[0].to_owned();
    let lift = format!("/admin/pictures/{lift}");
    assert_eq!(location(&ada.send(send, &lift, &[]).await), send);
    let again = send_files(&mut ada, new, new, &fields, &files).await;
    assert!(location(&again).starts_with("/post/"), "{}", again.text);
    let mut eve = Browser::signed_up(&hub, "eve", "en").await;
    assert_eq!(eve.get(send).await.status, StatusCode::FORBIDDEN);
});

hub_test!(a_post_shows_what_the_page_says_that_it_links_to, |hub| {
    open(&hub);
    furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let new = "/c/drivers/new";
    let url = "https://brand.example/tea";
    let post = async |ben: &mut Browser<'_>, title: &str, sensitive: bool| {
        let mut fields = vec![("form", "link"), ("title", title), ("url", url)];
        fields.extend(sensitive.then_some(("sensitive", "on")));
        location(&ben.send(new, new, &fields).await).to_owned()
    };
    let thread = post(&mut ben, "Tea", false).await;
    let veiled = post(&mut ben, "Strong tea", true).await;
    let page = ben.get(&thread).await.text;
    assert!(page.contains("class=\"linked\""), "{page}");
    let note = NotePreview {
        url: url.to_owned(),
        found: LinkPreview {
            title: Some("All <b>about</b> tea".to_owned()),
            description: Some("Leaves & water".to_owned()),
            site: Some("The Brand".to_owned()),
            picture: Some("https://pictures.example/tea.png".to_owned()),
        },
    };
    hub.hall.run(Caller::System, note).await.unwrap();
    for path in [thread.as_str(), "/c/drivers"] {
        let page = ben.get(path).await;
        sound(path, &page, "en");
        let page = page.text;
        for said in ["All &lt;b&gt;about&lt;/b&gt; tea", "Leaves &amp; water"] {
            assert!(page.contains(said), "{path}: {page}");
        }
        assert!(page.contains("src=\"/media/proxy/"), "{path}: {page}");
        assert!(!page.contains("pictures.example"), "{path}: {page}");
        assert_eq!(page.matches("/media/proxy/").count(), 1, "{path}: {page}");
    }
    let page = ben.get(&thread).await.text;
    assert!(page.contains("<bdi>The Brand</bdi>"), "{page}");
    let page = ben.get(&veiled).await.text;
    assert!(!page.contains("linked about"), "{page}");
    assert!(!page.contains("/media/proxy/"), "{page}");
});

hub_test!(several_pictures_of_a_post_stand_side_by_side, |hub| {
    open(&hub);
    let (_, bare, _) = furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let new = "/c/drivers/new";
    let fields = [
        ("form", "text"),
        ("title", "Pots"),
        ("body", "Look"),
        ("alt-1", "A brown pot"),
        ("alt-2", "A white pot"),
        ("focus-2", "-1,1"),
    ];
    let pngs = [300, 200].map(|width| crate::media::testing::png(width, 100));
    let [one, two] = pngs.each_ref().map(Vec::as_slice);
    let both = [("picture-1", one), ("picture-2", two)];
    let posted = send_files(&mut ben, new, new, &fields, &both).await;
    let thread = location(&posted).to_owned();
    let page = ben.get(&thread).await;
    sound(&thread, &page, "en");
    let page = page.text;
    assert_eq!(page.matches("<li class=\"picture\">").count(), 2, "{page}");
    assert!(page.contains("alt=\"A white pot\""), "{page}");
    assert!(page.contains("data-across=\"0\" data-down=\"0\""), "{page}");
    assert!(page.contains("data-place=\"Picture %n of %c\""), "{page}");
    assert!(page.contains("id=\"gallery\""), "{page}");
    let alone = send_files(&mut ben, new, new, &fields, &both[..1]).await;
    let page = ben.get(location(&alone)).await.text;
    assert!(!page.contains("class=\"gallery\""), "{page}");
    assert!(page.contains("<p class=\"picture\"><a href=\""), "{page}");
    let page = ben.get(&format!("/post/{bare}")).await.text;
    assert!(!page.contains("gallery"), "{page}");
});

hub_test!(a_picture_may_be_sent_before_its_form, |hub| {
    open(&hub);
    furnish(&hub).await;
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let new = "/c/drivers/new";
    let png = crate::media::testing::png(300, 100);
    let sent = send_files(
        &mut ben,
        new,
        "/pictures",
        &[("number", "2")],
        &[("file", &png)],
    )
    .await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.text);
    assert!(!sent.text.contains("<html"), "{}", sent.text);
    let kept = quoted(&sent.text, "name=\"kept-2\" value=\"")[0].to_owned();
    let fields = [
        ("form", "text"),
        ("title", "A pot"),
        ("body", "Look"),
        ("kept-2", kept.as_str()),
        ("alt-2", "A brown pot"),
    ];
    let posted = send_files(&mut ben, new, new, &fields, &[]).await;
    let page = ben.get(location(&posted)).await.text;
    assert!(page.contains("alt=\"A brown pot\""), "{page}");
    for file in [b"no picture".as_slice(), b""] {
        let files = [("file", file)];
        let wrong = send_files(&mut ben, new, "/pictures", &[("number", "1")], &files).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            wrong.text.starts_with("<p class=\"wrong\">"),
            "{}",
            wrong.text
        );
    }
    let mut mia = Browser::signed_up(&hub, "mia", "en").await;
    let theirs = send_files(&mut mia, new, new, &fields, &[]).await;
    assert_eq!(
        theirs.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "of ben alone"
    );
});
