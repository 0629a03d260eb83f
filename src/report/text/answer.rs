//! The answer in a few sentences.

use super::super::wrap::prose;
use super::super::{Answer, Options, Report, Style, Verdict, words};

pub(super) fn write(report: &Report, options: Options) -> String {
    let style = options.style;
    let about = words::plain(&report.description);
    let mut text = String::new();
    if !about.trim().is_empty() {
        text.push_str(&prose(&style.dim(about.trim()), options.width));
    }
    text.push('\n');
    text.push_str(&prose(&headline(report, style), options.width));
    text.push_str(&prose(&bound(report), options.width));
    text
}

fn headline(report: &Report, style: Style) -> String {
    let answer = &report.answer;
    let tasks = words::counted(answer.tasks, "task");
    let slots = words::counted(answer.slots, "slot");
    let one = answer.tasks == 1;
    let (take, cost) = if one { ("takes", "costs") } else { ("take", "cost") };
    let time = style.bold(&words::interval(answer.seconds));
    let dollars = match answer.dollars {
        Some(dollars) => format!(" and {cost} {}.", style.bold(&words::dollars(dollars))),
        None => ". There is no price, so there are no dollars.".to_owned(),
    };
    format!("{tasks} on {slots} {take} {time}{dollars} {}", verdict(answer, style))
}

fn verdict(answer: &Answer, style: Style) -> String {
    let sentence = words::verdict_sentence(answer.memory, answer.spilled);
    match answer.memory {
        Verdict::Fits => style.good(&sentence),
        Verdict::Spills => style.fair(&sentence),
        Verdict::OutOfMemory => style.bad(&sentence),
    }
}

fn bound(report: &Report) -> String {
    let bound = &report.answer.bound;
    let by = words::bound(&words::plain(&bound.by));
    let because = words::sentence(&words::plain(&bound.because));
    let change = words::ended(&words::plain(&bound.change));
    let change = if change.is_empty() { change } else { format!("To change that: {change}") };
    format!("{by}: {because} {change}")
}
