//! How results are shown: the options that every command takes.

use clap::{Args, ValueEnum};

/// How to say what was found. These options go with every subcommand.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// Print one JSON object, for scripts
    #[arg(long, global = true)]
    pub json: bool,
    /// Let warnings count as errors
    #[arg(long, global = true)]
    pub strict: bool,
    /// When to use colour and drawn symbols
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t)]
    pub color: Color,
    /// Show every field
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
    /// Show findings and errors only
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Even into a file or pipe.
    Always,
    /// Not at all.
    Never,
}
