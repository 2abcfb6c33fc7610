//! A report for people: the only place with colours and drawn symbols.

mod style;

pub use style::{Charset, Style};

use super::Report;
use crate::error::Error;

/// What goes where.
pub struct Text {
    /// What was found or made, for standard output.
    pub result: String,
    /// What could not be read or written, for standard error.
    pub findings_on_inputs: String,
}

/// A report in words and drawings.
pub fn report(_report: &Report, _style: &Style) -> Text {
    Text { result: String::new(), findings_on_inputs: String::new() }
}

/// An error: the fact, its causes, the remedy.
pub fn error(error: &Error, style: &Style) -> String {
    style.fit(&format!("{} {error}\n", style.bad("error:")))
}
