//! How JSON is laid out on its lines, and which of its characters are escaped.

use crate::safe::is_hostile;
use serde_json::{Map, Value};

/// Writes `object`, which has a field, and behind its fields a list, whose values `write` writes; as one value would be laid out at this
/// indentation.
pub(super) fn with_list<T>(
    out: &mut String,
    indent: usize,
    object: Map<String, Value>,
    name: &str,
    list: &[T],
    mut write: impl FnMut(&mut String, &T),
) {
    let space = " ".repeat(indent);
    indented(out, indent, &Value::Object(object));
    // a line break, the indentation and the brace that closes the object
    out.truncate(out.len() - indent - 2);
    out.push_str(&format!(",\n{space}  \"{name}\": ["));
    for (place, value) in list.iter().enumerate() {
        out.push_str(if place > 0 { "," } else { "" });
        out.push_str(&format!("\n{space}    "));
        write(out, value);
    }
    out.push_str(&if list.is_empty() { format!("]\n{space}}}") } else { format!("\n{space}  ]\n{space}}}") });
}

/// Writes `value` with all but its first line indented. No line break stands within a text of JSON.
pub(super) fn indented(out: &mut String, indent: usize, value: &Value) {
    out.push_str(&format!("{value:#}").replace('\n', &format!("\n{}", " ".repeat(indent))));
}

/// With the characters escaped that could write over a terminal; JSON leaves some of them alone.
pub(super) fn escaped(text: String) -> String {
    if text.is_ascii() && !text.contains('\x7f') {
        return text;
    }
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '\n' => out.push(c),
            // the characters that `Safe` escapes are all below U+10000: one \u escape each
            c if is_hostile(c) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
        out
    })
}
