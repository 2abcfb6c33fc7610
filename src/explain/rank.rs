//! Of all strings found, which are told, and in which order: the root cause first.

use super::read::table;
use super::scan::Hit;
use super::side::Marks;
use super::table::{PrintedBy, Role, Weight};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// Causes that lie further apart than this are of different stack traces.
const TRACE: usize = 20_000;

/// A meaning that the text has, with the places that say it.
pub(super) struct Group<'a> {
    pub row: usize,
    pub by: PrintedBy,
    /// The place that is shown: the first, or the longest of its line.
    pub first: &'a Hit,
    pub count: usize,
    depth: usize,
}

/// The meanings of a text, in the order in which they are told.
pub(super) fn ranked<'a>(text: &[u8], hits: &'a [Hit], marks: &Marks) -> Vec<Group<'a>> {
    let rows = holding_rows(hits);
    let is_whole = |h: &Hit| text[..h.place.start].iter().chain(&text[h.place.end..]).all(|b| !b.is_ascii_alphanumeric());
    let mut says: Vec<(&Hit, usize, PrintedBy)> = hits
        .iter()
        .filter_map(|h| match h.needle.role {
            Role::Says { row, by } if rows.contains(&row) => Some((h, row, by)),
            Role::Only { row, by } if text.len() < 200 && is_whole(h) => Some((h, row, by)),
            _ => None,
        })
        .collect();
    let weight = |row: usize| table().rows[row].weight;
    says.sort_by_key(|(h, row, _)| (h.place.start, Reverse(h.place.end), Reverse(weight(*row))));
    let causes: Vec<usize> = hits.iter().filter(|h| h.needle.role == Role::Nests).map(|h| h.place.start).collect();
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut known: HashMap<(usize, PrintedBy), usize> = HashMap::new();
    for (hit, row, by) in outermost(says) {
        let by = match by {
            PrintedBy::Either => marks.side(hit.place.start, hit.needle.stack).map_or(by, PrintedBy::Side),
            known => known,
        };
        let depth = depth(&causes, hit.place.start);
        let i = *known.entry((row, by)).or_insert_with(|| {
            groups.push(Group { row, by, first: hit, count: 0, depth });
            groups.len() - 1
        });
        groups[i].count += 1;
        groups[i].depth = groups[i].depth.max(depth);
    }
    merge_unknown_sides(&mut groups);
    if groups.iter().any(|g| weight(g.row) > Weight::Frame) {
        groups.retain(|g| weight(g.row) > Weight::Frame);
    }
    let rows = &table().rows;
    groups.sort_by_key(|g| {
        let row = &rows[g.row];
        let vagueness = if row.codes.is_empty() { usize::MAX } else { row.codes.len() };
        (Reverse(row.weight), Reverse(g.depth), vagueness, Reverse(g.count), g.first.place.start)
    });
    groups
}

/// The rows whose conditions hold in the text as a whole.
fn holding_rows(hits: &[Hit]) -> HashSet<usize> {
    let mut met: HashMap<usize, HashSet<usize>> = HashMap::new();
    let mut excluded = HashSet::new();
    for hit in hits {
        match hit.needle.role {
            Role::With { row, condition } => {
                met.entry(row).or_default().insert(condition);
            }
            Role::Unless { row } => {
                excluded.insert(row);
            }
            _ => {}
        }
    }
    let holds =
        |(i, row): &(usize, &super::table::Row)| !excluded.contains(i) && met.get(i).map_or(0, HashSet::len) == row.conditions;
    table().rows.iter().enumerate().filter(holds).map(|(i, _)| i).collect()
}

/// Without the strings that are part of a longer one, unless that is a mere frame around them.
fn outermost(says: Vec<(&Hit, usize, PrintedBy)>) -> Vec<(&Hit, usize, PrintedBy)> {
    // the furthest ends so far, of frames and of all others; the strings come by their start, the longer first
    let (mut frame, mut message) = (0, 0);
    says.into_iter()
        .filter(|(hit, row, _)| {
            let is_frame = table().rows[*row].weight == Weight::Frame;
            let is_part = message >= hit.place.end || is_frame && frame >= hit.place.end;
            let end = if is_frame { &mut frame } else { &mut message };
            *end = hit.place.end.max(*end);
            !is_part
        })
        .collect()
}

/// How many causes (`Caused by:`) stand above a place in its stack trace.
fn depth(causes: &[usize], at: usize) -> usize {
    let mut below = at;
    let above = causes[..causes.partition_point(|c| *c <= at)].iter().rev();
    above
        .take_while(|c| {
            below - **c <= TRACE && {
                below = **c;
                true
            }
        })
        .take(100)
        .count()
}

/// One meaning told with and without a side is told once, with the side.
fn merge_unknown_sides(groups: &mut Vec<Group<'_>>) {
    let sided: Vec<(usize, usize)> =
        groups.iter().enumerate().filter(|(_, g)| g.by.side().is_some()).map(|(i, g)| (g.row, i)).collect();
    let mut more: Vec<(usize, usize)> = Vec::new();
    groups.iter().filter(|g| g.by == PrintedBy::Either).for_each(|g| {
        if let Some((_, i)) = sided.iter().find(|(row, _)| *row == g.row) {
            more.push((*i, g.count));
        }
    });
    for (i, count) in more {
        groups[i].count += count;
    }
    groups.retain(|g| g.by != PrintedBy::Either || !sided.iter().any(|(row, _)| *row == g.row));
}
