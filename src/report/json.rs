//! A report for programs: field names are a promise (contract.md, "JSON").

use super::Report;
use crate::error::Error;

/// A report as one JSON object.
pub fn report(_report: &Report) -> String {
    String::new()
}

/// An error as one JSON object.
pub fn error(_command: &str, _error: &Error) -> String {
    String::new()
}
