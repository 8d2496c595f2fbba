//! Numbers as people write them.

/// Whether a language groups digits with points, as in 12.345; the others use commas.
pub(crate) fn with_points(language: &str) -> bool {
    super::language::primary(language) == "de"
}

/// A number with its digits in groups of three.
pub(crate) fn grouped(number: i64, joint: char) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(joint);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_groups_of_three() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (-12_345, "-12,345"),
            (1_234_567, "1,234,567"),
            (i64::MIN, "-9,223,372,036,854,775,808"),
        ] {
            assert_eq!(grouped(number, ','), text);
        }
        assert_eq!(grouped(12_345, '.'), "12.345");
        assert!(with_points("de-AT") && !with_points("en"));
    }
}
