//! The canonical form of JSON documents (RFC 8785), over which proofs are made.
//!
//! A number that the parser reads one step off gets another form than its signer's: then a proof
//! does not fit, and its document is asked of its origin.

use serde_json::{Map, Value};

/// A document in its canonical form. Whoever parsed it has bounded its depth.
pub(crate) fn of(document: &Value) -> String {
    let mut text = String::with_capacity(1024);
    write(document, &mut text);
    text
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => text.push_str(&value.to_string()),
        // As ECMAScript writes a double; what is none (beyond all of them) has no form there.
        Value::Number(number) => match number.as_f64().filter(|number| number.is_finite()) {
            Some(number) => text.push_str(ryu_js::Buffer::new().format_finite(number)),
            None => text.push_str("null"),
        },
        Value::Array(values) => {
            text.push('[');
            for (place, value) in values.iter().enumerate() {
                separate(place, text);
                write(value, text);
            }
            text.push(']');
        }
        Value::Object(fields) => write_object(fields, text),
    }
}

/// Names in the order of their UTF-16 units.
fn write_object(fields: &Map<String, Value>, text: &mut String) {
    let mut sorted: Vec<(&String, &Value)> = fields.iter().collect();
    sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
    text.push('{');
    for (place, (name, value)) in sorted.into_iter().enumerate() {
        separate(place, text);
        text.push_str(&Value::from(name.as_str()).to_string());
        text.push(':');
        write(value, text);
    }
    text.push('}');
}

fn separate(place: usize, text: &mut String) {
    if place > 0 {
        text.push(',');
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parsed(text: &str) -> String {
        of(&serde_json::from_str(text).unwrap())
    }

    #[test]
    fn the_examples_of_rfc_8785_come_out_as_printed() {
        let numbers = "[1E30, 4.50, 2e-3, 0.000000000000000000000000001]";
        let printed = "[1e+30,4.5,0.002,1e-27]";
        assert_eq!(parsed(numbers), printed);
        let text = r#"{"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"#;
        let printed = "{\"literals\":[null,true,false],\"string\":\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";
        assert_eq!(parsed(text), printed);
        let order =
            r#"{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}"#;
        let printed = "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}";
        assert_eq!(parsed(order), printed);
    }

    #[test]
    fn numbers_are_written_as_ecmascript_does() {
        for (number, text) in [
            (json!(0), "0"),
            (json!(-0.0), "0"),
            (json!(120.0), "120"),
            (json!(-5), "-5"),
            (json!(9_007_199_254_740_993_u64), "9007199254740992"),
            (json!(1e21), "1e+21"),
            (json!(1e20), "100000000000000000000"),
            (json!(1e-7), "1e-7"),
            (json!(0.000_001), "0.000001"),
        ] {
            assert_eq!(of(&number), text);
        }
        assert_eq!(of(&json!({"b": [], "a": {}})), "{\"a\":{},\"b\":[]}");
    }
}
