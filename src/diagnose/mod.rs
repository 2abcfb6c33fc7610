//! Evidence becomes findings: what is wrong, where, and how to mend it.

pub mod finding;

pub use finding::{Code, Finding, Place, Severity};
