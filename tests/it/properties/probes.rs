//! Scenarios at the edges, one by one: each is answered, or refused with a reason.

use sparkplan::diagnostic::{Code, Sources};
use sparkplan::study::{Failed, Wanted};

use super::{disk, runs, shown};
use crate::support::read;

/// What became of a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Answered,
    Refused(Code),
    Failed(Failed),
}

/// A small scenario with parts of it replaced.
fn probe(cluster: &str, table: &str, steps: &str, rest: &str) -> Fate {
    let text = format!(
        "cluster = {{ {cluster} }}\ntables.t = {{ {table} }}\nsimulation.runs = 1\n{rest}\n\
         [[jobs]]\nname = \"j\"\nsteps = [{{ read = \"t\" }}{steps}]\n"
    );
    run(&text)
}

fn run(text: &str) -> Fate {
    let mut sources = Sources::default();
    match read(&mut sources, "probe.toml", text, &disk()) {
        Err(problems) => {
            shown(&sources, &problems);
            Fate::Refused(problems[0].code)
        }
        Ok((scenario, warnings)) => {
            shown(&sources, &warnings);
            match runs(&scenario, &warnings, Wanted::default()) {
                std::ops::ControlFlow::Continue(()) => Fate::Answered,
                std::ops::ControlFlow::Break(failed) => Fate::Failed(failed),
            }
        }
    }
}

const SMALL: &str = "nodes = 2, node = { cores = 4, memory = \"16g\" }, \
                     executor = { cores = 2, memory = \"4g\" }";
const CSV: &str = "format = \"csv\", size = \"1g\"";

#[test]
fn table_sizes_at_the_edges() {
    use Fate::{Answered, Refused};
    for (table, fate) in [
        ("format = \"csv\", size = 1", Answered),
        ("format = \"csv\", size = \"1g\", files = 1000000", Answered),
        ("format = \"csv\", size = 5, files = 1000000", Answered),
        ("format = \"csv\", size = \"1g\", files = 10000000", Answered),
        ("format = \"csv\", size = \"1g\", files = 10000001", Refused(Code::OutOfRange)),
        ("format = \"csv\", size = \"1024p\"", Refused(Code::TooMuch)),
        ("format = \"csv\", size = \"100p\", suffix = \".gz\"", Answered),
        ("format = \"csv\", file_size = \"1024p\", files = 2", Refused(Code::TooMuch)),
        ("format = \"csv\", file_size = \"1024p\", files = 100000000", Refused(Code::OutOfRange)),
        ("format = \"csv\", size = \"1024p\", file_size = 1", Refused(Code::TooMuch)),
        ("format = \"csv\", size = 0", Refused(Code::EmptyTable)),
        ("format = \"csv\", size = \"1g\", expansion = 1000", Answered),
        ("format = \"csv\", size = \"1g\", files = 1000, spread = 5.0", Answered),
        (
            "format = \"csv\", size = \"2p\", suffix = \".gz\", expansion = 1000",
            Refused(Code::TooMuch),
        ),
        ("path = \"huge\"", Refused(Code::TooMuch)),
        ("path = \"empty\"", Refused(Code::EmptyTable)),
        ("path = \"mixed\"", Answered),
    ] {
        assert_eq!(probe(SMALL, table, "", ""), fate, "{table}");
    }
}

#[test]
fn steps_at_the_edges() {
    for steps in [
        ", { sort = [\"a\"] }",
        ", { filter = \"\", keeps = 0 }, { sort = [] }",
        ", { aggregate = [], keeps = 0 }, { write = \"o\" }",
        ", { aggregate = [\"a\"], keeps = 0 }, { repartition = 1 }, { coalesce = 1 }",
        ", { coalesce = 10000000 }, { repartition = 7 }, { sort = [\"a\"] }, { sort = [\"a\"] }",
        ", { repartition_by = [] }, { repartition_by = [\"a\"] }",
        ", { project = [], keeps = 0 }, { aggregate = [] }, { sort = [\"a\"] }",
        ", { write = \"o\", partition_by = [\"a\"], values = 10000000 }",
        ", { repartition = 1000000 }, { write = \"o\" }",
    ] {
        assert_eq!(probe(SMALL, CSV, steps, ""), Fate::Answered, "{steps}");
        // A task of 1000 PiB of rows may take longer than the simulator counts.
        let huge = "format = \"csv\", size = \"1p\", suffix = \".gz\", expansion = 1000";
        let fate = probe(SMALL, huge, steps, "");
        assert!(
            matches!(fate, Fate::Answered | Fate::Failed(Failed::TooLong)),
            "{fate:?}: {steps}"
        );
    }
}

#[test]
fn many_partitions_and_many_slots() {
    let shuffled = "conf.\"spark.sql.shuffle.partitions\" = 10000000\n\
                    conf.\"spark.sql.adaptive.enabled\" = false";
    let sort = ", { sort = [\"a\"] }";
    assert_eq!(probe(SMALL, CSV, sort, shuffled), Fate::Answered);
    let adaptive = "conf.\"spark.sql.shuffle.partitions\" = 10000000";
    assert_eq!(probe(SMALL, CSV, sort, adaptive), Fate::Answered);
    let wide = "nodes = 100000, node = { cores = 10, memory = \"16g\" }, \
                executor = { cores = 10, memory = \"4g\" }";
    assert_eq!(probe(wide, CSV, sort, ""), Fate::Answered);
    let wider = wide.replace("10, memory", "100, memory");
    assert_eq!(probe(&wider, CSV, "", ""), Fate::Refused(Code::TooMuch));
}

#[test]
fn clusters_at_the_edges() {
    use Fate::{Answered, Refused};
    let node = "node = { cores = 4096, memory = \"1024p\" }";
    for (cluster, fate) in [
        (format!("{node}, executor = {{ cores = 4096, memory = \"1023p\" }}"), Answered),
        (format!("{node}, executor = {{ cores = 1, memory = \"1p\", per_node = 4096 }}"), Answered),
        (format!("manager = \"local\", {node}"), Answered),
        (
            format!("manager = \"yarn\", {node}, executor = {{ cores = 1, memory = \"900p\" }}"),
            Answered,
        ),
        (
            format!("manager = \"yarn\", {node}, executor = {{ cores = 1, memory = \"1023p\" }}"),
            Refused(Code::ExecutorTooLarge),
        ),
        (
            "node = { cores = 4, memory = \"1g\" }, executor.memory = \"1g\"".to_owned(),
            Refused(Code::OutOfRange),
        ),
        (
            "node = { cores = 4, memory = \"2g\" }, executor.memory = \"400m\"".to_owned(),
            Refused(Code::InvalidExecutorMemory),
        ),
    ] {
        assert_eq!(probe(&cluster, CSV, "", ""), fate, "{cluster}");
    }
}

#[test]
fn times_at_the_edges() {
    const YEARS: &str = "\"36600 d\"";
    let job = |extra: &str| format!("cluster = {{ {SMALL} }}\ntables.t = {{ {CSV} }}\n{extra}");
    let one = "steps = [{ read = \"t\" }, { sort = [\"a\"] }]";
    let late = format!("[[jobs]]\nname = \"j\"\nat = {YEARS}\n{one}\n");
    assert_eq!(run(&job(&late)), Fate::Answered);
    let slow = format!("[[jobs]]\nname = \"j\"\npace = {{ bytes = 1, takes = {YEARS} }}\n{one}\n");
    for extra in ["", "simulation.noise = false\n"] {
        let fate = run(&job(&format!("{extra}{slow}")));
        assert!(matches!(fate, Fate::Answered | Fate::Failed(Failed::TooLong)), "{fate:?}");
        let both: String = (0..40)
            .map(|it| late.replace("\"j\"", &format!("\"l{it}\"")))
            .chain((0..40).map(|it| slow.replace("\"j\"", &format!("\"s{it}\""))))
            .collect();
        let fate = run(&job(&format!("{extra}{both}")));
        assert!(matches!(fate, Fate::Answered | Fate::Failed(Failed::TooLong)), "{fate:?}");
    }
    let quick =
        format!("[[jobs]]\nname = \"j\"\npace = {{ bytes = \"1024p\", takes = 0 }}\n{one}\n");
    assert_eq!(run(&job(&quick)), Fate::Answered);
}
