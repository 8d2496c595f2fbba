//! Email addresses, in one form: only then can they be unique.

use crate::domain::refusal::Refusal;

/// The most bytes of an address (RFC 5321 4.5.3.1.3).
const LONGEST: usize = 254;

/// The address in lower case without surrounding space.
///
/// Only the plain form is accepted: letters, digits and `.!#$&'*+/=?^_{|}~-` before one `@`, a host
/// name after it (security.md R-31: no quotes, comments or routes).
///
/// # Errors
/// If it is none.
pub(super) fn normalise(text: &str) -> Result<String, Refusal> {
    let email = text.trim().to_ascii_lowercase();
    if is_email(&email) {
        Ok(email)
    } else {
        Err(malformed())
    }
}

fn is_email(email: &str) -> bool {
    let Some((local, host)) = email.split_once('@') else {
        return false;
    };
    email.len() <= LONGEST && is_local_part(local) && is_host(host)
}

fn is_local_part(local: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"#$&'*+/=?^_{|}~-.".contains(&b);
    (1..=64).contains(&local.len())
        && local.bytes().all(plain)
        && local.split('.').all(|part| !part.is_empty())
}

fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.split('.').all(label)
}

fn malformed() -> Refusal {
    Refusal::invalid(
        "email",
        "email.malformed",
        "This is no email address. Please write one such as anna@example.org.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_brought_into_one_form() {
        assert_eq!(normalise(" Anna@Example.ORG ").unwrap(), "anna@example.org");
        for good in ["a+b@c.example", "o'neil@x-y.example", "a.b@localhost"] {
            assert_eq!(normalise(good).unwrap(), good);
        }
    }

    #[test]
    fn r31_h181_odd_addresses_are_refused() {
        let long = format!("{}@example.org", "x".repeat(65));
        let longer = format!("a@{}", "x.".repeat(130));
        for bad in [
            "",
            "anna",
            "@example.org",
            "anna@",
            "a@b@c",
            "a b@c.example",
            "a..b@c.example",
            ".a@c.example",
            "a.@c.example",
            "\"a\"@c.example",
            "a@-c.example",
            "a@c..example",
            "a%b@c.example",
            "a!b@c.example",
            "a(x)@c.example",
            "\u{e4}@c.example",
            "a@b.example\r\nBcc: x@y.example",
            "a@[127.0.0.1]",
            "<a@b.example>",
            "a@b.example,c@d.example",
            "a;b@c.example",
            "a:b@c.example",
            "a\\b@c.example",
            "a\0@c.example",
            "a\t@c.example",
            "a@c.example\0",
            "a@b_c.example",
            "a@b.example/x",
            "a@b.example:25",
            "@x.example:a@b.example",
            "a@.example",
            &long,
            &longer,
        ] {
            let refusal = normalise(bad).unwrap_err();
            assert_eq!(refusal.code, "email.malformed", "{bad}");
            assert_eq!(refusal.fields[0].name, "email");
        }
    }
}
