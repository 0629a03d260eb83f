//! Markdown, for a comment under a change: the answer, then tables.

use super::{Format, Options, Part, Report, Style, timeline, words};

pub(super) const FORMAT: Format = Format { name: "markdown", write };

type Section = (&'static str, fn(&Report) -> String);

/// In the order in which they are read; an empty one is left out. One row each.
#[rustfmt::skip]
const SECTIONS: &[Section] = &[
    ("Stages", stages),
    ("Capacity", capacity),
    ("Memory of an executor", memory),
    ("Schedule", schedule),
    ("Timeline", drawing),
    ("Cost", cost),
    ("Files that are written", writes),
    ("Notes", notes),
    ("Every value and who set it", resolved),
];

fn write(report: &Report, _: Options) -> String {
    let mut text = format!("## {}\n\n", safe(&report.scenario));
    text.push_str(&answer(report));
    for (heading, section) in SECTIONS {
        let body = section(report);
        if !body.is_empty() {
            text.extend([format!("\n### {heading}\n\n{body}")]);
        }
    }
    let runs = words::counted(report.runs.into(), "run");
    let spark = safe(&report.spark);
    text.extend([format!("\n<sub>Spark {spark}, {runs}, seed {}</sub>\n", report.seed)]);
    text
}

fn answer(report: &Report) -> String {
    let it = &report.answer;
    let tasks = words::counted(it.tasks, "task");
    let slots = words::counted(it.slots, "slot");
    let (take, cost) = if it.tasks == 1 { ("takes", "costs") } else { ("take", "cost") };
    let time = words::interval(it.seconds);
    let dollars = it.dollars.map_or_else(
        || ". There is no price, so there are no dollars".to_owned(),
        |it| format!(" and {cost} **{}**", safe(&words::dollars(it))),
    );
    let memory = words::verdict_sentence(it.memory, it.spilled);
    let by = safe(&words::bound(&it.bound.by));
    let because = safe(&words::sentence(&it.bound.because));
    let change = safe(&words::ended(&it.bound.change));
    let change = if change.is_empty() { change } else { format!(" To change that: {change}") };
    format!("{tasks} on {slots} {take} **{time}**{dollars}. {memory}\n\n{by}: {because}{change}\n")
}

fn stages(report: &Report) -> String {
    let rows = report.stages.iter().map(|it| {
        let split = it.split.as_ref().map_or_else(words::nothing, |it| {
            format!("{}, bound by {}", words::bytes(it.bytes), it.bound_by)
        });
        vec![
            it.id.to_string(),
            it.what.clone(),
            format!("{}: {}", words::tasks(it), it.tasks_because),
            words::bytes_of(it.task_input.median),
            split,
            words::grouped(it.run.waves),
            words::interval(it.seconds),
            words::verdict(it.memory.verdict).to_owned(),
        ]
    });
    table("stage|what|tasks, and why|>a task reads|split size|>waves|>time|memory", rows)
}

fn capacity(report: &Report) -> String {
    let it = &report.capacity;
    let row = |name: &str, value: String| vec![name.to_owned(), value];
    let rows = [
        row("nodes", format!("{} × {} ({})", words::grouped(it.nodes), it.node, it.manager)),
        row("executors", words::grouped(it.executors)),
        row("cores of an executor", words::grouped(it.executor_cores)),
        row("heap of an executor", words::bytes(it.executor_heap)),
        row("container of an executor", words::bytes(it.container_granted)),
        row("slots", words::grouped(it.slots)),
        row("unused on a packed node", words::unused(it)),
    ];
    let mut text = table("what|how much", rows);
    for why in it.why.iter().filter(|it| !it.trim().is_empty()) {
        text.extend([format!("\n{}\n", safe(&words::sentence(why)))]);
    }
    text
}

fn memory(report: &Report) -> String {
    let it = &report.memory;
    let mut rows: Vec<Vec<String>> = it.regions.iter().map(part).collect();
    let least = words::bytes(it.task_share_least);
    rows.push(words::total("usable heap", it.usable_heap, &it.collector).to_vec());
    let how =
        format!("{} running, nothing cached; at least {least}", words::counted(it.tasks, "task"));
    rows.push(words::total("most for a task", it.task_share, &how).to_vec());
    let thumb = &it.rule_of_thumb_how;
    rows.push(words::total("by the rule of thumb", it.rule_of_thumb, thumb).to_vec());
    let mut text = table("region|>size|>bytes|how it comes about", rows);
    for stage in &report.stages {
        let because = safe(&words::sentence(&stage.memory.because));
        let verdict = words::verdict(stage.memory.verdict);
        text.extend([format!("\nStage {} **{verdict}**: {because}\n", stage.id)]);
    }
    text
}

fn part(part: &Part) -> Vec<String> {
    words::part(part).to_vec()
}

fn schedule(report: &Report) -> String {
    let it = &report.schedule;
    let row = |name: &str, value: String| vec![name.to_owned(), value];
    let mut rows = vec![
        row("time", words::interval(it.seconds)),
        row("time without noise", words::seconds(it.seconds_without_noise)),
        row("lower bound", words::seconds(it.lower_bound)),
        row("utilisation", words::share(it.utilisation)),
        row("idle core-seconds", words::amount(it.idle_core_seconds)),
    ];
    rows.extend(it.cold_start.map(|it| row("cold start, not included", words::interval(it))));
    table("what|>how much", rows)
}

fn drawing(report: &Report) -> String {
    let text = timeline::write(report, Options { width: 100, style: Style::Plain });
    if text.is_empty() { text } else { format!("```text\n{}```\n", text.replace("```", "'''")) }
}

fn cost(report: &Report) -> String {
    let rows = report.cost.lines.iter().map(|it| {
        let source = it.source.clone();
        vec![
            it.name.clone(),
            words::dollar(it.dollars_per_hour),
            words::dollars(it.dollars),
            source,
        ]
    });
    let note = safe(&words::sentence(&report.cost.note));
    let mut text = table("charge|>an hour|>dollars|price from", rows);
    if !note.is_empty() {
        let apart = if text.is_empty() { "" } else { "\n" };
        text.extend([format!("{apart}{note}\n")]);
    }
    text
}

fn writes(report: &Report) -> String {
    let rows = report.writes.iter().map(|it| {
        let (files, each) = (words::grouped(it.files), words::bytes(it.file_bytes));
        vec![it.job.clone(), it.table.clone(), files, each, it.because.clone()]
    });
    table("job|table|>files|>each|why", rows)
}

fn notes(report: &Report) -> String {
    let mut text = String::new();
    for note in &report.notes {
        let sentence = safe(&words::sentence(&note.text));
        text.extend([format!("- **{}**: {sentence}\n", safe(&note.code))]);
    }
    if !report.accepted_without_effect.is_empty() {
        let keys: Vec<String> = report.accepted_without_effect.iter().map(|it| safe(it)).collect();
        text.extend([format!("- Set, and changing nothing here: {}\n", keys.join(", "))]);
    }
    text
}

fn resolved(report: &Report) -> String {
    let values = report.resolved.iter().flatten();
    let rows = values.map(|it| vec![it.name.clone(), it.value.clone(), it.origin.clone()]);
    table("name|value|set by", rows)
}

/// A table; a title after `>` stands over numbers. Nothing where there are no rows.
fn table(titles: &str, rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let body: String = rows.into_iter().map(|row| line(row.iter().map(|it| safe(it)))).collect();
    if body.is_empty() {
        return body;
    }
    let titles: Vec<&str> = titles.split('|').collect();
    let rule = titles.iter().map(|it| if it.starts_with('>') { "---:" } else { "---" });
    let names = titles.iter().map(|it| it.trim_start_matches('>').to_owned());
    format!("{}{}{body}", line(names), line(rule.map(str::to_owned)))
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells.collect();
    format!("| {} |\n", cells.join(" | "))
}

/// Text that stays text: no cell ends early, nothing turns into a tag or into emphasis.
fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in words::plain(text).trim().chars() {
        match letter {
            '|' | '*' | '\\' | '`' | '[' | '$' => out.extend(['\\', letter]),
            '<' => out.push_str("&lt;"),
            _ => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn the_worked_example_makes_a_good_comment() {
        insta::assert_snapshot!(write(&sample::twenty_nodes(), Options::default()));
    }

    #[test]
    fn everything_at_once_makes_a_good_comment() {
        insta::assert_snapshot!(write(&sample::aggregate(), Options::default()));
    }

    #[test]
    fn rude_texts_stay_in_their_cells() {
        assert_eq!(safe("a|b\n<b>*c*"), "a\\|b &lt;b>\\*c\\*");
    }
}
