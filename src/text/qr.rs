//! An address as a picture that a phone reads (ISO/IEC 18004).

use std::fmt::Write as _;

use fast_qr::ECL;
use fast_qr::qr::QRBuilder;

/// The light margin that readers need, in modules.
const MARGIN: usize = 4;
/// The longest text that is drawn, in bytes.
const LONGEST: usize = 300;

/// The picture as SVG, black on white; `None` for texts that are too long.
pub(crate) fn svg(text: &str) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    let side = code.size + 2 * MARGIN;
    let mut path = String::new();
    for y in 0..code.size {
        for (x, module) in code[y].iter().enumerate() {
            if module.value() {
                write!(path, "M{} {}h1v1h-1z", x + MARGIN, y + MARGIN).ok()?;
            }
        }
    }
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_becomes_a_square_with_a_margin() {
        let drawn = svg("https://hub.example/c/tea").unwrap();
        // 25 bytes fit into version 2: 25 modules a side and 4 on each margin.
        assert!(drawn.contains("viewBox=\"0 0 33 33\""), "{drawn}");
        assert!(drawn.contains("M4 4h1v1h-1z"), "a corner is dark");
        assert!(!drawn.contains("style"));
        assert_eq!(svg(&"a".repeat(301)), None);
    }
}
