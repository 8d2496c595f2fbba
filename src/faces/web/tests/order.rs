//! How far back the best posts are looked for, and how that is chosen.

use super::*;

const DAY: i64 = 24 * 3600;

hub_test!(the_best_of_a_time_are_chosen_by_links, |hub| {
    open(&hub);
    let anna = hub.hall.person("anna").await;
    let group = hub.hall.group("drivers", anna).await;
    for n in 0..25 {
        hub.hall.post(anna, group, &format!("Old one {n}")).await;
    }
    hub.hall.pass(40 * DAY);
    for n in 0..25 {
        hub.hall.post(anna, group, &format!("New one {n}")).await;
    }
    hub.hall.pass(DAY / 2);
    let mut visitor = Browser::new(&hub, "de");
    for (path, range, others) in [
        ("/?in=all&sort=top", "month", ["day", "all"]),
        ("/c/drivers?sort=top", "all", ["day", "month"]),
        ("/c/drivers?sort=top&range=week", "week", ["day", "all"]),
        ("/c/drivers?sort=top&range=nonsense", "all", ["day", "week"]),
    ] {
        let page = visitor.get(path).await;
        sound(path, &page, "de");
        let begin = path.split("sort=top").next().unwrap();
        let begin = begin.replace('&', "&amp;");
        let chosen = format!("sort=top&amp;range={range}\" aria-current=\"page\"");
        assert_eq!(
            page.text.matches(&chosen).count(),
            2,
            "{path}: {}",
            page.text
        );
        for other in others {
            let link = format!("href=\"{begin}sort=top&amp;range={other}\">");
            assert!(page.text.contains(&link), "{link} in {}", page.text);
        }
        let more = format!("href=\"{begin}sort=top&amp;range={range}&amp;after=");
        assert!(page.text.contains(&more), "{more} in {}", page.text);
        for plain in ["new", "hot", "active"] {
            let link = format!("{begin}sort={plain}\">");
            assert!(page.text.contains(&link), "{link} in {}", page.text);
        }
    }
    let first = visitor.get("/?in=all&sort=top&range=week").await.text;
    let after = quoted(&first, "range=week&amp;after=")[0].to_owned();
    let more = format!("/?in=all&sort=top&range=week&after={after}");
    let rest = visitor.get(&more).await.text;
    assert!(
        rest.contains("New one 0") && !rest.contains("Old one"),
        "{rest}"
    );
    for path in ["/?sort=new", "/c/drivers"] {
        let page = visitor.get(path).await.text;
        assert!(!page.contains("range="), "{path}: {page}");
    }
});

hub_test!(a_time_without_posts_leads_to_all_of_them, |hub| {
    open(&hub);
    furnish(&hub).await;
    hub.hall.pass(40 * DAY);
    let mut visitor = Browser::new(&hub, "en");
    for (path, all) in [
        ("/?sort=top", "/?in=all&amp;sort=top&amp;range=all"),
        (
            "/c/drivers?sort=top&range=day",
            "/c/drivers?sort=top&amp;range=all",
        ),
    ] {
        let page = visitor.get(path).await;
        sound(path, &page, "en");
        assert!(page.text.contains("Nothing was posted in this time."));
        let way = format!("<a class=\"button strong\" href=\"{all}\">");
        assert!(page.text.contains(&way), "{way} in {}", page.text);
        let page = visitor.get(&all.replace("&amp;", "&")).await.text;
        assert!(page.contains("Which bit?"), "{page}");
    }
});
