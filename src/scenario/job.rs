//! Jobs: what runs over the tables, step by step.

use std::collections::BTreeMap;

use super::conf::Origin;
use super::meaning::Meaning;
use super::shape::{JobFile, StepFile};
use super::table::Table;
use crate::diagnostic::Code;
use crate::units::{Bytes, Ratio, Seconds};

/// A job over one table.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Its name, unique in the scenario.
    pub name: String,
    /// What it does; the first step reads.
    pub steps: Vec<Step>,
    /// The FAIR pool that it runs in, an index into the scenario's pools.
    pub pool: usize,
    /// When it is submitted, unless it waits for others.
    pub at: Seconds,
    /// Jobs that must have ended before, as indices.
    pub after: Vec<usize>,
    /// How long its tasks take, where somebody measured it.
    pub pace: Option<Pace>,
}

/// A measured speed: a task over so many bytes takes so long, everything included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Bytes of input of the measured task.
    pub bytes: Bytes,
    /// How long it took.
    pub takes: Seconds,
}

/// One step of a job.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Reads a table.
    Read(Read),
    /// Keeps some rows.
    Filter {
        /// The condition, for people.
        condition: String,
        /// The share of rows that pass.
        keeps: Ratio,
    },
    /// Keeps some columns.
    Project {
        /// The share of a row's bytes that is left.
        keeps: Ratio,
    },
    /// Groups rows by some columns; by none into one row.
    Aggregate {
        /// The grouping columns.
        by: Vec<String>,
        /// Bytes of the result as a share of the bytes grouped.
        keeps: Ratio,
    },
    /// Sorts all rows.
    Sort {
        /// The columns.
        by: Vec<String>,
    },
    /// Shuffles.
    Repartition {
        /// Into so many partitions; as many as Spark decides where nothing is given.
        into: Option<u32>,
        /// By the hash of these columns; round robin without any.
        by: Vec<String>,
    },
    /// Merges partitions without a shuffle.
    Coalesce {
        /// Into at most so many.
        into: u32,
    },
    /// Writes files.
    Write(Write),
}

/// Reading a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// Which table, an index into the scenario's tables.
    pub table: usize,
    /// The share of the file's bytes that the needed columns hold.
    pub columns: Ratio,
    /// Files that are read, as indices into the table's files; all where nothing is given.
    pub files: Option<Vec<u32>>,
}

/// Writing files.
#[derive(Clone, Debug, PartialEq)]
pub struct Write {
    /// A name for what is written.
    pub name: String,
    /// The format.
    pub format: String,
    /// The compression.
    pub codec: String,
    /// Partition columns.
    pub partition_by: Vec<String>,
    /// Distinct values of the partition columns that a task meets.
    pub values: u64,
}

/// Gives every job its meaning. `pools` are the names of the pools, the default pool first.
pub(super) fn read(
    meaning: &mut Meaning<'_>,
    files: Vec<JobFile>,
    tables: &[Table],
    pools: &[String],
    default_codec: impl Fn(&str) -> Option<String>,
) -> Vec<Job> {
    if files.is_empty() {
        let message = "there is nothing to do: `jobs` is empty".to_owned();
        meaning.problem(Code::MissingField, &["jobs"], message, "write at least one job");
    }
    let mut names = BTreeMap::new();
    for (index, job) in files.iter().enumerate() {
        if let Some(first) = names.insert(job.name.clone(), index) {
            let path = ["jobs", &index.to_string(), "name"].map(str::to_owned);
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            let message = format!("two jobs are called `{}`", job.name);
            let label = format!("job {} has this name already", first + 1);
            meaning.problem(Code::Conflict, &path, message, &label);
        }
    }
    let mut jobs = Vec::new();
    for (index, file) in files.into_iter().enumerate() {
        let mut reader = JobReader { meaning, tables, pools, names: &names, index };
        jobs.extend(reader.job(file, &default_codec));
    }
    refuse_circles(meaning, &jobs);
    jobs
}

struct JobReader<'m, 'a> {
    meaning: &'m mut Meaning<'a>,
    tables: &'m [Table],
    pools: &'m [String],
    names: &'m BTreeMap<String, usize>,
    index: usize,
}

impl JobReader<'_, '_> {
    fn problem(&mut self, code: Code, path: &[&str], message: String, label: &str) {
        let index = self.index.to_string();
        let path: Vec<&str> = ["jobs", &index].into_iter().chain(path.iter().copied()).collect();
        self.meaning.problem(code, &path, message, label);
    }

    fn job(
        &mut self,
        file: JobFile,
        default_codec: &dyn Fn(&str) -> Option<String>,
    ) -> Option<Job> {
        let steps: Vec<Option<Step>> = file
            .steps
            .into_iter()
            .enumerate()
            .map(|(index, step)| self.step(index, step, default_codec))
            .collect();
        self.order(&steps);
        let pool = self.pool(file.pool.as_deref());
        let after = self.after(file.after.as_deref(), file.at.is_some());
        let pace = file.pace.and_then(|it| self.pace(it.bytes.0, it.takes.0));
        let steps: Option<Vec<Step>> = steps.into_iter().collect();
        Some(Job {
            name: file.name,
            steps: steps?,
            pool: pool?,
            at: file.at.map_or(Seconds::ZERO, |it| it.0),
            after: after?,
            pace,
        })
    }

    /// The first step reads, no other does, and nothing follows a write.
    fn order(&mut self, steps: &[Option<Step>]) {
        if steps.is_empty() {
            let message = "a job needs at least one step".to_owned();
            self.problem(Code::MissingField, &["steps"], message, "the first step reads a table");
        }
        for (index, step) in steps.iter().enumerate() {
            let Some(step) = step else { continue };
            let reads = matches!(step, Step::Read(_));
            let path = ["steps".to_owned(), index.to_string()];
            let path = path.each_ref().map(String::as_str);
            if index == 0 && !reads {
                let message = "the first step of a job reads a table".to_owned();
                self.problem(Code::Conflict, &path, message, "nothing was read before this");
            } else if index > 0 && reads {
                let message = "only the first step of a job reads a table".to_owned();
                self.problem(Code::Unsupported, &path, message, "write a job of its own for it");
            }
            if matches!(step, Step::Write(_)) && index + 1 < steps.len() {
                let message = "nothing can follow a write".to_owned();
                self.problem(Code::Conflict, &path, message, "make this the last step");
            }
        }
    }

    fn pool(&mut self, name: Option<&str>) -> Option<usize> {
        let Some(name) = name else { return Some(0) };
        let found = self.pools.iter().position(|it| it == name);
        if found.is_none() {
            let known: Vec<&str> = self.pools.iter().map(String::as_str).collect();
            let index = self.index.to_string();
            let path = ["jobs", &index, "pool"];
            let message = format!("there is no pool `{name}`");
            let problem = self.meaning.about(Code::UnknownName, &path, message, "used here");
            let problem = problem.suggest(name, known.iter().copied());
            let way_out = format!("describe it: `[pools.{name}]`, with `weight` or `min_share`");
            self.meaning.problems.push(problem.help(way_out));
        }
        found
    }

    /// Jobs wait for the one before them, unless `at` or `after` says otherwise.
    fn after(&mut self, names: Option<&[String]>, has_time: bool) -> Option<Vec<usize>> {
        let Some(names) = names else {
            let waits = self.index > 0 && !has_time;
            return Some(if waits { vec![self.index - 1] } else { Vec::new() });
        };
        let mut found = Vec::new();
        let mut complete = true;
        for (position, name) in names.iter().enumerate() {
            if let Some(index) = self.names.get(name) {
                found.push(*index);
                continue;
            }
            complete = false;
            let path = [
                "jobs".to_owned(),
                self.index.to_string(),
                "after".to_owned(),
                position.to_string(),
            ];
            let path = path.each_ref().map(String::as_str);
            let message = format!("there is no job `{name}`");
            let problem = self.meaning.about(Code::UnknownName, &path, message, "waited for here");
            let known = self.names.keys().map(String::as_str);
            self.meaning.problems.push(problem.suggest(name, known));
        }
        complete.then_some(found)
    }

    fn pace(&mut self, bytes: Bytes, takes: Seconds) -> Option<Pace> {
        if bytes == Bytes::ZERO {
            let message = "a pace over no bytes says nothing".to_owned();
            self.problem(Code::OutOfRange, &["pace", "bytes"], message, "more than 0 bytes");
            return None;
        }
        let path = format!("jobs.{}.pace", self.index);
        let origin = self.meaning.origin(&["jobs", &self.index.to_string(), "pace"]);
        let origin = origin.unwrap_or(Origin::Derived("overrides".to_owned()));
        self.meaning.note(&path, &format!("{takes} for {bytes}"), origin);
        Some(Pace { bytes, takes })
    }

    fn keeps(&mut self, step: usize, written: Option<Ratio>, what: &str) -> Ratio {
        let index = self.index.to_string();
        let step = step.to_string();
        let path = ["jobs", &index, "steps", &step, "keeps"];
        let default = || (Ratio::ONE, Origin::Default(format!("{what}: nothing is assumed")));
        self.meaning.pick(&path, written, default)
    }

    fn step(
        &mut self,
        index: usize,
        file: StepFile,
        default_codec: &dyn Fn(&str) -> Option<String>,
    ) -> Option<Step> {
        Some(match file {
            StepFile::Read(read) => {
                let columns = read.columns.map_or(Ratio::ONE, |it| it.0);
                Step::Read(self.read(index, &read.read, columns, read.partitions.as_deref())?)
            }
            StepFile::Filter(filter) => Step::Filter {
                condition: filter.filter,
                keeps: self.keeps(index, filter.keeps.map(|it| it.0), "all rows pass"),
            },
            StepFile::Project(project) => Step::Project {
                keeps: self.keeps(index, project.keeps.map(|it| it.0), "all columns are kept"),
            },
            StepFile::Aggregate(aggregate) => Step::Aggregate {
                by: aggregate.aggregate,
                keeps: self.keeps(index, aggregate.keeps.map(|it| it.0), "every row is a group"),
            },
            StepFile::Sort(sort) => Step::Sort { by: sort.sort },
            StepFile::Repartition(it) => {
                Step::Repartition { into: Some(it.repartition), by: it.by.unwrap_or_default() }
            }
            StepFile::RepartitionBy(it) => Step::Repartition { into: None, by: it.repartition_by },
            StepFile::Coalesce(it) => Step::Coalesce { into: it.coalesce },
            StepFile::Write(write) => {
                let format = write.format.unwrap_or_else(|| "parquet".to_owned());
                let codec = write.codec.or_else(|| default_codec(&format));
                let Some(codec) = codec else {
                    let path = ["steps".to_owned(), index.to_string(), "format".to_owned()];
                    let path = path.each_ref().map(String::as_str);
                    let message = format!("there is no rate for writing `{format}`");
                    self.problem(Code::UnknownName, &path, message, "a format of the catalog");
                    return None;
                };
                let partition_by = write.partition_by.unwrap_or_default();
                let values = write.values.unwrap_or(1);
                Step::Write(Write { name: write.write, format, codec, partition_by, values })
            }
        })
    }

    fn read(
        &mut self,
        step: usize,
        name: &str,
        columns: Ratio,
        partitions: Option<&[String]>,
    ) -> Option<Read> {
        let index = self.index.to_string();
        let step = step.to_string();
        let Some(table) = self.tables.iter().position(|it| it.name == name) else {
            let path = ["jobs", &index, "steps", &step, "read"];
            // A table whose own description is wrong has been complained about already.
            if self.meaning.place(&["tables", name]).is_none() {
                let message = format!("there is no table `{name}`");
                let problem = self.meaning.about(Code::UnknownName, &path, message, "read here");
                let problem = problem.suggest(name, self.meaning.keys("tables"));
                let way_out = format!("describe it: `[tables.{name}]`");
                self.meaning.problems.push(problem.help(way_out));
            }
            return None;
        };
        let mut files = None;
        if let Some(partitions) = partitions {
            files = Some(self.partitions(&step, table, partitions)?);
        }
        Some(Read { table, columns, files })
    }

    /// The files of the partitions that match all of the `column=value` pairs.
    fn partitions(&mut self, step: &str, table: usize, wanted: &[String]) -> Option<Vec<u32>> {
        let table = &self.tables[table];
        let mut pairs = Vec::new();
        for (position, pair) in wanted.iter().enumerate() {
            let known = pair
                .split_once('=')
                .filter(|(column, _)| table.partition_columns.iter().any(|it| it == column));
            if let Some((column, value)) = known {
                pairs.push((column, value));
            } else {
                let index = self.index.to_string();
                let position = position.to_string();
                let path = ["jobs", &index, "steps", step, "partitions", &position];
                let columns = table.partition_columns.join(", ");
                let message = format!("`{pair}` names no partition column of `{}`", table.name);
                let problem = self.meaning.about(Code::UnknownName, &path, message, "column=value");
                let way_out = if columns.is_empty() {
                    "the table has no partition columns".to_owned()
                } else {
                    format!("its partition columns: {columns}")
                };
                self.meaning.problems.push(problem.help(way_out));
            }
        }
        (pairs.len() == wanted.len()).then(|| table.files_in(&pairs))
    }
}

/// Jobs cannot wait for each other in a circle.
fn refuse_circles(meaning: &mut Meaning<'_>, jobs: &[Job]) {
    let mut ended = vec![false; jobs.len()];
    loop {
        let ready = |job: &Job| job.after.iter().all(|it| ended.get(*it).copied().unwrap_or(true));
        let next = (0..jobs.len()).find(|it| !ended[*it] && ready(&jobs[*it]));
        match next {
            Some(index) => ended[index] = true,
            None => break,
        }
    }
    let stuck: Vec<&str> =
        jobs.iter().zip(&ended).filter(|(_, it)| !**it).map(|(job, _)| job.name.as_str()).collect();
    if let Some(first) = ended.iter().position(|it| !it) {
        let message = format!("these jobs wait for each other: {}", stuck.join(", "));
        let path = ["jobs", &first.to_string(), "after"];
        meaning.problem(Code::Conflict, &path, message, "this leads in a circle");
    }
}
